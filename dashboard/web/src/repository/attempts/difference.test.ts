import { expect, it } from "vitest";
import { differences } from "./difference.ts";

it("names each path once, with what either side does to it", () => {
  const a = { path: "a", additions: 1, deletions: 0 };
  const b = { path: "b", additions: 2, deletions: 2 };
  expect(differences([b, a], [{ ...b, additions: 3 }])).toEqual([
    { path: "a", left: a, right: undefined },
    { path: "b", left: b, right: { ...b, additions: 3 } },
  ]);
});
