import { formatUSD, nanoUSD, type BatchChange, type BatchChangeStatus, type ChangesetStatus, type Rates } from "@codybatch/crds";
import { ratesOf, type Outcome } from "./rates.ts";

type Shown = Pick<BatchChangeStatus, "pullRequests" | "rates" | "costPerMergedPullRequestUSD">;

/** What came of a batch's pull requests and how well it went, as its status shows it; nothing while there is nothing to tell. */
export function shownOutcomes(
  batch: BatchChange,
  statuses: readonly (ChangesetStatus | undefined)[],
  costUSD: string | undefined,
  now: Date,
): Shown {
  const known = statuses.filter((status) => status !== undefined);
  const pullRequests = known.filter(({ pullRequest }) => pullRequest !== undefined).length;
  const merged = known.filter(({ phase }) => phase === "Merged").length;
  const rates = shownRates(batch, known, now);
  return {
    ...(pullRequests > 0 && { pullRequests }),
    ...(Object.keys(rates).length > 0 && { rates }),
    ...(merged > 0 && costUSD !== undefined && { costPerMergedPullRequestUSD: formatUSD(eachOf(costUSD, merged)) }),
  };
}

/** Nano-dollars, to a hundredth of a cent. */
function eachOf(costUSD: string, count: number): number {
  const step = 100_000;
  return Math.round(nanoUSD(costUSD) / count / step) * step;
}

function shownRates({ metadata }: BatchChange, statuses: readonly ChangesetStatus[], now: Date): Rates {
  const appliedAt = new Date(metadata.creationTimestamp);
  const { success, merge, mergedUntouched, medianSecondsToResult, medianSecondsToMerge, openLong } = ratesOf(
    statuses.map((status) => outcomeOf(status, appliedAt)),
    now,
  );
  return defined({
    successPercent: percent(success),
    mergePercent: percent(merge),
    mergedUntouchedPercent: percent(mergedUntouched),
    medianSecondsToResult: whole(medianSecondsToResult),
    medianSecondsToMerge: whole(medianSecondsToMerge),
    openLong: statuses.some(({ pullRequest }) => pullRequest !== undefined) ? openLong : undefined,
  });
}

function outcomeOf({ phase = "Pending", attempts = [], attempt, pullRequest }: ChangesetStatus, appliedAt: Date): Outcome {
  const last = attempts.findLast((one) => one.attempt === attempt && one.outcome !== "InfrastructureFault");
  return { phase, appliedAt, resultAt: last?.finishedAt === undefined ? undefined : new Date(last.finishedAt), pullRequest };
}

/** Rounded down, so that 100 means all of it; the summand makes up for 0.29 × 100 being less than 29. */
function percent(share: number | undefined): number | undefined {
  return share === undefined ? undefined : Math.floor(share * 100 + 1e-9);
}

function whole(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds);
}

type Sparse<T> = { readonly [K in keyof T]: T[K] | undefined };

function defined(rates: Sparse<Required<Rates>>): Rates {
  const { successPercent, mergePercent, mergedUntouchedPercent, medianSecondsToResult, medianSecondsToMerge, openLong } = rates;
  return {
    ...(successPercent !== undefined && { successPercent }),
    ...(mergePercent !== undefined && { mergePercent }),
    ...(mergedUntouchedPercent !== undefined && { mergedUntouchedPercent }),
    ...(medianSecondsToResult !== undefined && { medianSecondsToResult }),
    ...(medianSecondsToMerge !== undefined && { medianSecondsToMerge }),
    ...(openLong !== undefined && { openLong }),
  };
}
