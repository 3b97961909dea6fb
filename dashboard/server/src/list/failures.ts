import type { FailureQuery, FailureReport, FailureRow } from "@codybatch/dashboard-contract";
import { isInfrastructureReason } from "@codybatch/crds";
import type { z } from "zod";
import type { Reach } from "../access/rights.ts";
import type { RepositoryEntry } from "../watch/repository-entry.ts";
import { explained } from "./explained.ts";
import { pageOf, type Order } from "./page.ts";

type Query = z.output<typeof FailureQuery>;
const unknown = "Unknown";

const order: Order<RepositoryEntry> = {
  lead: ({ finishedAt }) => finishedAt ?? "",
  ties: [({ metadata }) => metadata.namespace, ({ metadata }) => metadata.name],
  descending: true,
};

/** Failed repositories of all batches that the viewer may see: by reason, and one by one. */
export function failureReport(
  failed: Iterable<RepositoryEntry>,
  query: Query,
  visible: Reach,
): Omit<FailureReport, "version" | "staleSince"> {
  const { namespace, reason, cursor, limit } = query;
  const seen: RepositoryEntry[] = [];
  for (const entry of failed) {
    const { namespace: place } = entry.metadata;
    if (visible.has(place) && (namespace === undefined || place === namespace)) seen.push(entry);
  }
  const chosen = reason === undefined ? seen : seen.filter((entry) => (entry.reason ?? unknown) === reason);
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

interface Tally {
  count: number;
  /** Names of batches by namespace. */
  readonly batches: Map<string, Set<string>>;
}

function groupsOf(failed: readonly RepositoryEntry[]): FailureReport["groups"] {
  const tallies = new Map<string, Tally>();
  for (const entry of failed) tally(tallies, entry);
  const groups = [...tallies].map(([reason, { count, batches }]) => ({
    ...explained(reason),
    count,
    batches: [...batches.values()].reduce((sum, { size }) => sum + size, 0),
    infrastructure: isInfrastructureReason(reason),
  }));
  return groups.toSorted((left, right) => right.count - left.count || (left.reason < right.reason ? -1 : 1));
}

function tally(tallies: Map<string, Tally>, { metadata: { namespace }, batchChange, reason = unknown }: RepositoryEntry): void {
  const known = tallies.get(reason) ?? { count: 0, batches: new Map<string, Set<string>>() };
  const names = known.batches.get(namespace) ?? new Set<string>();
  known.count += 1;
  names.add(batchChange);
  known.batches.set(namespace, names);
  tallies.set(reason, known);
}
