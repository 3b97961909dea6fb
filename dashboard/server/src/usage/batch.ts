import { formatUSD } from "@codybatch/crds";
import type { BatchUsage } from "@codybatch/dashboard-contract";
import type { BatchEntry } from "../watch/batch-entry.ts";
import type { RepositoryEntry } from "../watch/repository-entry.ts";
import { leftOver } from "./left-over.ts";
import { Sum, Sums } from "./sum.ts";

/** What one batch used, by day and by repository; the sums of both are the total. */
export function batchUsage(batch: BatchEntry, repositories: readonly RepositoryEntry[]): Omit<BatchUsage, "version" | "staleSince"> {
  const [total, undated] = [new Sum(), new Sum()];
  const [days, byRepository] = [new Sums(), new Sums()];
  for (const entry of repositories) {
    for (const { day, used } of entry.days) for (const sum of [total, days.of(day), byRepository.of(entry.repository)]) sum.add(used);
    const rest = leftOver(entry);
    if (rest !== undefined) for (const sum of [total, undated, byRepository.of(entry.repository)]) sum.add(rest);
  }
  return {
    total: total.totals(),
    perDay: days.byKey(),
    perRepository: byRepository.byCost(100),
    ...(undated.isEmpty ? {} : { undated: undated.totals() }),
    model: batch.model,
    budgetUSD: formatUSD(batch.budgetNano),
    ...(batch.costPerMergedUSD === undefined ? {} : { costPerMergedPullRequestUSD: batch.costPerMergedUSD }),
  };
}
