import { expect, it } from "vitest";
import { ratesOf, type Outcome } from "./rates.ts";

const appliedAt = new Date("2026-11-01T00:00:00Z");
const after = (seconds: number): Date => new Date(appliedAt.getTime() + seconds * 1000);
const now = after(20 * 86_400);

function outcome(phase: Outcome["phase"], resultSeconds?: number, pullRequest?: Outcome["pullRequest"]): Outcome {
  return { phase, appliedAt, resultAt: resultSeconds === undefined ? undefined : after(resultSeconds), pullRequest };
}

function merged(seconds: number, humanCommits?: boolean): Outcome {
  const told = { state: "merged", mergedAt: after(seconds).toISOString() };
  return outcome("Merged", 10, humanCommits === undefined ? told : { ...told, humanCommits });
}

const open = (seconds: number): Outcome => outcome("Open", 10, { state: "open", createdAt: after(seconds).toISOString() });

it("of nothing there is no rate, and no zero instead", () => {
  expect(ratesOf([], now)).toEqual({ openLong: 0 });
  expect(ratesOf([outcome("Pending"), outcome("Running"), outcome("Cancelled"), outcome("Removed"), outcome("Duplicate")], now)).toEqual({
    openLong: 0,
  });
});

it.each<[string, Outcome[], object]>([
  ["a failure counts against success", [outcome("NoChange"), outcome("Ready"), outcome("Failed"), outcome("Closed")], { success: 0.75 }],
  ["what was cancelled counts nowhere", [outcome("Ready"), outcome("Cancelled")], { success: 1 }],
  ["only failures are no success", [outcome("Failed")], { success: 0 }],
  ["open ones are not counted among the merged", [merged(9), merged(9), outcome("Closed"), open(0)], { merge: 2 / 3 }],
  ["only closed ones are no merge", [outcome("Closed")], { merge: 0 }],
  ["those without a person's commit", [merged(9, false), merged(9, true), merged(9), merged(9, false)], { mergedUntouched: 0.5 }],
  ["the middle one of an odd number", [outcome("Ready", 10), outcome("Failed", 1000), outcome("Ready", 30)], { medianSecondsToResult: 30 }],
  ["the mean of the middle two of an even number", [outcome("Ready", 10), outcome("Ready", 30)], { medianSecondsToResult: 20 }],
  ["times to the merge from when it was applied", [merged(100), merged(300), merged(200), open(0)], { medianSecondsToMerge: 200 }],
  ["open for longer than 14 days", [open(0), open(6 * 86_400 - 1), open(6 * 86_400), open(19 * 86_400)], { openLong: 2 }],
])("%s", (_what, outcomes, expected) => {
  expect(ratesOf(outcomes, now)).toMatchObject(expected);
});
