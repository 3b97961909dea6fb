import { expect, it } from "vitest";
import { newLooks } from "./ended.ts";

const conditions = { conditions: [] };

it.each([
  ["nothing that was asked", conditions, conditions, []],
  ["a search", undefined, { discovery: { settled: 1, outcome: "Discovered" } }, [{ task: "discover", outcome: "Discovered" }]],
  [
    "why a search was refused",
    { discovery: { settled: 1, outcome: "Lost" } },
    { discovery: { settled: 2, outcome: "Refused", reason: "NothingFound" } },
    [{ task: "discover", outcome: "NothingFound" }],
  ],
  ["no search twice", { discovery: { settled: 1 } }, { discovery: { settled: 1, outcome: "Discovered" } }, []],
  ["a look of two Jobs once", { tracking: { settled: 2 } }, { tracking: { settled: 4 } }, [{ task: "track", outcome: "Tracked" }]],
  ["a look that failed", {}, { tracking: { settled: 1, reason: "RateLimited" } }, [{ task: "track", outcome: "RateLimited" }]],
] as const)("counts %s", (_what, before, after, expected) => {
  expect(newLooks(before as never, after as never)).toEqual(expected);
});
