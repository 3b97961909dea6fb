import type { ChangesetPhase, ChangesetStatus, PullRequest } from "@codybatch/crds";
import { expect, it } from "vitest";
import { batchOf, start } from "../testing/build.ts";
import { shownOutcomes } from "./shown.ts";

const after = (seconds: number): string => new Date(start.getTime() + seconds * 1000).toISOString();
const now = new Date(after(20 * 86_400));

function status(phase: ChangesetPhase, seconds?: number, pullRequest?: Partial<PullRequest>): ChangesetStatus {
  const attempt = { try: 0, job: "j", reason: "Reported", inputsHash: "", chargedNanoUSD: 0, outcome: "Reported" } as const;
  const attempts = seconds === undefined ? [] : [{ ...attempt, attempt: 0, finishedAt: after(seconds) }];
  const url = { url: "https://github.com/acme/a/pull/1", number: 1, state: "open" };
  return { phase, attempt: 0, attempts, ...(pullRequest !== undefined && { pullRequest: { ...url, ...pullRequest } }) };
}

const shown = (statuses: readonly (ChangesetStatus | undefined)[], costUSD?: string) => shownOutcomes(batchOf(), statuses, costUSD, now);
const merged = (seconds: number, humanCommits = false) => status("Merged", 10, { state: "merged", mergedAt: after(seconds), humanCommits });

it("tells nothing of what has not ended", () => {
  expect(shown([undefined, status("Pending"), status("Running")], "1.00")).toEqual({});
});

it("tells shares in whole percent, rounded down, and times in seconds", () => {
  const all = [merged(100), merged(200, true), merged(400), status("Closed", 30, { state: "closed" }), status("Failed", 70)];
  expect(shown([...all, status("Open", 20, { createdAt: after(0) })])).toEqual({
    pullRequests: 5,
    rates: {
      successPercent: 83,
      mergePercent: 75,
      mergedUntouchedPercent: 66,
      medianSecondsToResult: 15,
      medianSecondsToMerge: 200,
      openLong: 1,
    },
  });
});

it("says nothing of pull requests where there are none", () => {
  expect(shown([status("Ready", 10.4)])).toEqual({ rates: { successPercent: 100, medianSecondsToResult: 10 } });
});

it.each([
  ["the cost of all attempts for each merge", [merged(1), merged(2), merged(3), status("Failed", 1)], "1.00", "0.3333"],
  ["nothing before the first merge", [status("Open", 1, {})], "1.00", undefined],
  ["nothing where a price is unknown", [merged(1)], undefined, undefined],
] as const)("tells %s", (_what, statuses, cost, expected) => {
  expect(shown(statuses, cost).costPerMergedPullRequestUSD).toBe(expected);
});
