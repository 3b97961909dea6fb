import type { Rate, UsageReport } from "@codybatch/dashboard-contract";
import type { Reach } from "../access/rights.ts";
import type { BatchEntry } from "../watch/batch-entry.ts";
import type { Catalogue } from "../watch/catalogue.ts";
import type { RepositoryEntry } from "../watch/repository-entry.ts";
import type { Used } from "../watch/used.ts";
import { leftOver } from "./left-over.ts";
import { Sum, Sums } from "./sum.ts";

const dayLength = 86_400_000;

interface Asked {
  readonly visible: readonly BatchEntry[];
  readonly cost: Reach;
  readonly days: number;
  readonly now: Date;
}

/** Usage by day, model, namespace and batch, and how well batches went, over those that the viewer may see. */
export function usageReport(catalogue: Catalogue, { visible, cost, days, now }: Asked): Omit<UsageReport, "version" | "staleSince"> {
  const to = now.toISOString().slice(0, 10);
  const from = new Date(now.getTime() - (days - 1) * dayLength).toISOString().slice(0, 10);
  const recent = visible.filter(({ metadata }) => metadata.creationTimestamp.slice(0, 10) >= from);
  const priced = visible.filter(({ metadata }) => cost.has(metadata.namespace));
  const hidden = new Set(recent.map(({ metadata }) => metadata.namespace).filter((namespace) => !cost.has(namespace)));
  return {
    from,
    to,
    ...(priced.length === 0 && hidden.size > 0 ? {} : spent(catalogue, priced, { from, to })),
    hidden: [...hidden].toSorted(),
    rates: ratesOf(recent),
  };
}

interface Period {
  readonly from: string;
  readonly to: string;
}

function spent(catalogue: Catalogue, batches: readonly BatchEntry[], { from, to }: Period) {
  const [total, undated] = [new Sum(), new Sum()];
  const sums = { day: new Sums(), model: new Sums(), namespace: new Sums(), batch: new Sums() };
  for (const { metadata, model } of batches) {
    const { namespace, name } = metadata;
    const of = [total, sums.model.of(model), sums.namespace.of(namespace), sums.batch.of(`${namespace}/${name}`)];
    const withUndated = [...of, undated];
    for (const entry of catalogue.repositoriesOf(namespace, name)) {
      addDays(entry, { from, to }, (day, used) => {
        for (const sum of of) sum.add(used);
        sums.day.of(day).add(used);
      });
      addUndated(entry, { from, to }, withUndated);
    }
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

function addDays({ days }: RepositoryEntry, { from, to }: Period, add: (day: string, used: Used) => void): void {
  for (const { day, used } of days) if (day >= from && day <= to) add(day, used);
}

/** Attempts that are no longer listed ended before those that are; they count when the repository was made in the period. */
function addUndated(entry: RepositoryEntry, { from, to }: Period, sums: readonly Sum[]): void {
  const made = entry.metadata.creationTimestamp.slice(0, 10);
  const rest = made >= from && made <= to ? leftOver(entry) : undefined;
  if (rest !== undefined) sums.forEach((sum) => sum.add(rest));
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
  const sum = (pick: (entry: BatchEntry) => number): number => batches.reduce((all, entry) => all + pick(entry), 0);
  const failed = sum(({ counts }) => counts.failed);
  const cancelled = sum(({ counts }) => counts.cancelled);
  const repositories = sum(({ finished }) => finished);
  return {
    key,
    batches: batches.length,
    repositories,
    succeeded: Math.max(0, repositories - failed - cancelled),
    failed,
    pullRequests: sum(({ pullRequests }) => pullRequests),
    merged: sum(({ counts }) => counts.merged),
  };
}
