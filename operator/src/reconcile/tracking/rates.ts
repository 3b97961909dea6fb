import type { ChangesetPhase, PullRequest } from "@codybatch/crds";

/** What of a Changeset the rates are made of. */
export interface Outcome {
  readonly phase: ChangesetPhase;
  /** When the BatchChange was applied, and when the result of this Changeset was there. */
  readonly appliedAt: Date;
  readonly resultAt: Date | undefined;
  readonly pullRequest: Pick<PullRequest, "state" | "createdAt" | "mergedAt" | "humanCommits"> | undefined;
}

/** Shares are between 0 and 1; each is absent while there is nothing that it is a share of. */
export interface Rates {
  /** Changesets that ended without a failure, of all that ended; a pull request that was closed is no failure of the work. */
  readonly success?: number;
  /** merged / (merged + closed). */
  readonly merge?: number;
  /** Of the merged ones, those without a commit of a person. */
  readonly mergedUntouched?: number;
  readonly medianSecondsToResult?: number;
  readonly medianSecondsToMerge?: number;
  /** Pull requests that have been open for longer than 14 days. */
  readonly openLong: number;
}

const good: readonly ChangesetPhase[] = ["NoChange", "Ready", "AwaitingApproval", "Publishing", "Open", "Merged", "Closed"];
const longMs = 14 * 24 * 3600 * 1000;

export function ratesOf(outcomes: readonly Outcome[], now: Date): Rates {
  const counted = (phases: readonly ChangesetPhase[]): number => outcomes.filter(({ phase }) => phases.includes(phase)).length;
  const merged = outcomes.filter(({ phase }) => phase === "Merged");
  const untouched = merged.filter(({ pullRequest }) => pullRequest?.humanCommits === false).length;
  const toResult = median(outcomes.flatMap(({ appliedAt, resultAt }) => secondsTo(resultAt?.toISOString(), appliedAt)));
  const toMerge = median(merged.flatMap(({ appliedAt, pullRequest }) => secondsTo(pullRequest?.mergedAt, appliedAt)));
  const success = share(counted(good), counted([...good, "Failed"]));
  const merge = share(merged.length, merged.length + counted(["Closed"]));
  const mergedUntouched = share(untouched, merged.length);
  return {
    ...(success === undefined ? {} : { success }),
    ...(merge === undefined ? {} : { merge }),
    ...(mergedUntouched === undefined ? {} : { mergedUntouched }),
    ...(toResult === undefined ? {} : { medianSecondsToResult: toResult }),
    ...(toMerge === undefined ? {} : { medianSecondsToMerge: toMerge }),
    openLong: outcomes.filter(({ phase, pullRequest }) => phase === "Open" && isLong(pullRequest?.createdAt, now)).length,
  };
}

function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

function secondsTo(end: string | undefined, start: Date): readonly number[] {
  const at = Date.parse(end ?? "");
  return Number.isNaN(at) ? [] : [Math.max(0, (at - start.getTime()) / 1000)];
}

function isLong(createdAt: string | undefined, now: Date): boolean {
  return now.getTime() - Date.parse(createdAt ?? "") > longMs;
}

/** Of an even number the mean of the middle two. */
function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}
