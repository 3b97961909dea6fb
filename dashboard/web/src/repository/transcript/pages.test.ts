import type { TranscriptPage } from "@codybatch/dashboard-contract";
import { expect, it } from "vitest";
import { nextAfter } from "./pages.ts";

const page = (numbers: readonly number[], rest: Partial<TranscriptPage> = {}): TranscriptPage => ({
  attempt: "0-1",
  live: false,
  truncated: false,
  events: 9,
  items: numbers.map((n) => ({ n, event: { kind: "unreadable", at: "", turn: 0, text: "" } })),
  ...rest,
});

it("begins at the beginning and follows the server's word", () => {
  expect(nextAfter([])).toBe(0);
  expect(nextAfter([page([1, 2], { next: 2 })])).toBe(2);
  expect(nextAfter([page([1, 2])])).toBeUndefined();
});

it("waits after the last event of a running attempt, though a page brought none", () => {
  expect(nextAfter([page([1, 2], { live: true }), page([], { live: true })])).toBe(2);
});
