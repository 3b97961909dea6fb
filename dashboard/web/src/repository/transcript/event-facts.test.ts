import type { ShownEvent } from "@codybatch/dashboard-contract";
import { expect, it } from "vitest";
import { factsOf, titleOf } from "./event-facts.ts";

const at = "2026-11-21T21:00:00Z";
const usage = { input: 10, output: 2500, cacheRead: 0, cacheWrite: 0, turns: 1, costNanoUSD: 31_200_000 };
const answer = {
  kind: "assistant",
  at,
  turn: 2,
  messageID: "msg_1",
  stopReason: "tool_use",
  content: [],
  durationMs: 1500,
} satisfies ShownEvent;

it("tells latency, tokens and cost of an answer", () => {
  const told = factsOf({ ...answer, usage }).map(({ name, value }) => `${name} ${value}`);
  expect(told).toEqual([
    "turn 2",
    "took 2 s",
    "stopped by tool_use",
    "in 10 + 0 written + 0 read",
    "out 2.5 k",
    "cost $0.0312",
    "id msg_1",
  ]);
});

it("says nothing of costs that may not be seen", () => {
  expect(factsOf(answer).map(({ name }) => name)).not.toContain("cost");
});

it("marks what went wrong", () => {
  expect(titleOf({ kind: "check", at, turn: 1, name: "a\nb", exitCode: 2, durationMs: 1, output: "" })).toEqual({
    text: "Check a b failed",
    isBad: true,
  });
  expect(titleOf({ kind: "verdict", at, turn: 1, round: 1, approved: true, reasons: [] }).isBad).toBe(false);
});
