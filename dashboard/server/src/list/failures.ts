import type { FailureQuery, FailureReport, FailureRow } from "@codybatch/dashboard-contract";
import { isInfrastructureReason } from "@codybatch/crds";
import type { z } from "zod";
import type { Reach } from "../access/rights.ts";
import type { RepositoryEntry } from "../watch/repository-entry.ts";
import { explained } from "./explained.ts";
import { pageOf } from "./page.ts";

type Query = z.output<typeof FailureQuery>;
const unknown = "Unknown";

/** Failed repositories of all batches that the viewer may see: by reason, and one by one. */
export function failureReport(
  failed: readonly RepositoryEntry[],
  query: Query,
  visible: Reach,
): Omit<FailureReport, "version" | "staleSince"> {
  const { namespace, reason, cursor, limit } = query;
  const seen = failed.filter(
    ({ metadata }) => visible.has(metadata.namespace) && (namespace === undefined || metadata.namespace === namespace),
  );
  const chosen = reason === undefined ? seen : seen.filter((entry) => (entry.reason ?? unknown) === reason);
  const order = {
    place: (entry: RepositoryEntry) => [entry.finishedAt ?? "", entry.metadata.namespace, entry.metadata.name] as const,
    descending: true,
  };
  const { rows, next } = pageOf(chosen, order, { sort: "finished", cursor, limit });
  return { total: seen.length, groups: groupsOf(seen), items: rows.map(rowOf), ...(next === undefined ? {} : { next }) };
}

function rowOf({ metadata, batchChange, repository, reason, finishedAt }: RepositoryEntry): FailureRow {
  const { namespace, name } = metadata;
  return {
    namespace,
    batchChange,
    changeset: name,
    repository,
    reason: reason ?? unknown,
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

function groupsOf(failed: readonly RepositoryEntry[]): FailureReport["groups"] {
  const byReason = Map.groupBy(failed, ({ reason }) => reason ?? unknown);
  const groups = [...byReason].map(([reason, same]) => ({
    ...explained(reason),
    count: same.length,
    batches: new Set(same.map(({ metadata, batchChange }) => `${metadata.namespace}/${batchChange}`)).size,
    infrastructure: isInfrastructureReason(reason),
  }));
  return groups.toSorted((left, right) => right.count - left.count || (left.reason < right.reason ? -1 : 1));
}
