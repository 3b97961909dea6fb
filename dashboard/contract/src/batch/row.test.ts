import { expect, it } from "vitest";
import { BatchRow } from "./row.ts";

const longest = {
  namespace: "n".repeat(63),
  name: "b".repeat(40),
  phase: "PartiallySucceeded",
  total: 1000,
  finished: 1000,
  failed: 1000,
  running: 100,
  waiting: 1000,
  pullRequests: 1000,
  merged: 1000,
  createdAt: "2026-11-21T21:00:00Z",
  finishedAt: "2026-11-21T21:00:00Z",
  costUSD: "9999.123456789",
  budgetUSD: "9999.99",
};

it("the longest row of a batch has at most 400 bytes", () => {
  expect(Buffer.byteLength(JSON.stringify(BatchRow.parse(longest)))).toBeLessThanOrEqual(400);
});
