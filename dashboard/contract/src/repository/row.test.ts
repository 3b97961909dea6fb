import { expect, it } from "vitest";
import { RepositoryRow } from "./row.ts";

it("an ordinary row with everything in it has about 400 bytes", () => {
  const row = RepositoryRow.parse({
    changeset: "node-24-0123456789",
    repository: "acme/payment-service",
    phase: "Open",
    reason: "PullRequestOpen",
    additions: 120,
    deletions: 34,
    attempts: 1,
    startedAt: "2026-11-21T21:00:00Z",
    seconds: 321,
    costUSD: "0.123456789",
    pullRequest: {
      url: "https://github.com/acme/payment-service/pull/123",
      number: 123,
      state: "open",
      review: "approved",
      checks: "passing",
    },
  });
  expect(Buffer.byteLength(JSON.stringify(row))).toBeLessThanOrEqual(400);
});
