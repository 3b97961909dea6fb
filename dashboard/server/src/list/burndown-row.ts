import type { BurndownRow } from "@codybatch/dashboard-contract";
import type { RepositoryEntry } from "../watch/repository-entry.ts";

const unfinished: ReadonlySet<string> = new Set(["Pending", "Running"]);
const failed: ReadonlySet<string> = new Set(["Failed", "Cancelled"]);

/**
 * What the burndown needs of a repository. Where status has no time for what it says, the next earlier time holds, so that
 * the last step always equals the phases of the table.
 */
export function burndownRow({ metadata, phase, finishedAt, pullRequest }: RepositoryEntry): BurndownRow {
  const createdAt = metadata.creationTimestamp;
  const ended = unfinished.has(phase) ? undefined : (finishedAt ?? createdAt);
  const base = { createdAt, failed: failed.has(phase), ...(ended === undefined ? {} : { finishedAt: ended }) };
  if (pullRequest === undefined) return base;
  const opened = pullRequest.createdAt ?? ended ?? createdAt;
  return { ...base, pullRequest: { createdAt: opened, ...endOf(pullRequest, opened) } };
}

function endOf({ state, mergedAt, closedAt }: NonNullable<RepositoryEntry["pullRequest"]>, opened: string) {
  if (state === "merged") return { mergedAt: mergedAt ?? closedAt ?? opened };
  return state === "closed" ? { closedAt: closedAt ?? opened } : {};
}
