import type { Rate, UsageReport } from "@codybatch/dashboard-contract";
import type { Reach } from "../access/rights.ts";
import type { BatchEntry } from "../watch/batch-entry.ts";
import type { Ledger } from "./ledger.ts";
import { Sum, Sums } from "./sum.ts";

const dayLength = 86_400_000;

interface Asked {
  readonly visible: readonly BatchEntry[];
  readonly cost: Reach;
  readonly days: number;
  readonly now: Date;
}

/** Usage by day, model, namespace and batch, and how well batches went, over those that the viewer may see. */
export function usageReport(ledger: Ledger, { visible, cost, days, now }: Asked): Omit<UsageReport, "version" | "staleSince"> {
  const to = now.toISOString().slice(0, 10);
  const from = new Date(now.getTime() - (days - 1) * dayLength).toISOString().slice(0, 10);
  const recent = visible.filter(({ metadata }) => metadata.creationTimestamp.slice(0, 10) >= from);
  const priced = pricedOf(visible, cost);
  const hidden = new Set(recent.map(({ metadata }) => metadata.namespace).filter((namespace) => !cost.has(namespace)));
  return {
    from,
    to,
    ...(priced.length === 0 && hidden.size > 0 ? {} : spent(ledger, priced, { from, to })),
    hidden: [...hidden].toSorted(),
    rates: ratesOf(recent),
  };
}

/** Batches whose costs the viewer may see. */
export function pricedOf(visible: readonly BatchEntry[], cost: Reach): readonly BatchEntry[] {
  return cost.everywhere ? visible : visible.filter(({ metadata }) => cost.has(metadata.namespace));
}

interface Period {
  readonly from: string;
  readonly to: string;
}

function spent(ledger: Ledger, batches: readonly BatchEntry[], period: Period) {
  const [total, undated] = [new Sum(), new Sum()];
  const sums = { day: new Sums(), model: new Sums(), namespace: new Sums(), batch: new Sums() };
  for (const batch of batches) {
    const { namespace, name } = batch.metadata;
    const book = ledger.of(batch);
    const own = sums.batch.of(`${namespace}/${name}`);
    addWithin(book.days, period, own, (day) => sums.day.of(day));
    // Attempts that are no longer listed ended before those that are; they count when the repository was made in the period.
    addWithin(book.undated, period, own, () => undated);
    for (const sum of [total, sums.model.of(batch.model), sums.namespace.of(namespace)]) sum.merge(own);
  }
  return {
    total: total.totals(),
    perDay: sums.day.byKey(),
    perModel: sums.model.byCost(50),
    perNamespace: sums.namespace.byCost(200),
    perBatch: sums.batch.byCost(50),
    ...(undated.isEmpty ? {} : { undated: undated.totals() }),
  };
}

function addWithin(days: Sums, { from, to }: Period, own: Sum, otherOf: (day: string) => Sum): void {
  for (const [day, sum] of days) {
    if (day < from || day > to) continue;
    own.merge(sum);
    otherOf(day).merge(sum);
  }
}

function ratesOf(batches: readonly BatchEntry[]): UsageReport["rates"] {
  const by = (keyOf: (entry: BatchEntry) => string): Rate[] =>
    [...Map.groupBy(batches, keyOf)]
      .map(([key, same]) => rateOf(key, same))
      .toSorted((left, right) => right.batches - left.batches)
      .slice(0, 200);
  return { all: rateOf("all", batches), perNamespace: by(({ metadata }) => metadata.namespace), perModel: by(({ model }) => model) };
}

function rateOf(key: string, batches: readonly BatchEntry[]): Rate {
  const rate = { key, batches: batches.length, repositories: 0, succeeded: 0, failed: 0, pullRequests: 0, merged: 0 };
  let cancelled = 0;
  for (const { counts, finished, pullRequests } of batches) {
    rate.repositories += finished;
    rate.failed += counts.failed;
    rate.pullRequests += pullRequests;
    rate.merged += counts.merged;
    cancelled += counts.cancelled;
  }
  return { ...rate, succeeded: Math.max(0, rate.repositories - rate.failed - cancelled) };
}
