import { changesetPhases, formatUSD } from "@codybatch/crds";
import type { ReasonGroup, RepositoryList, RepositoryListQuery, RepositoryRow } from "@codybatch/dashboard-contract";
import type { z } from "zod";
import type { RepositoryEntry } from "../watch/repository-entry.ts";
import { explained } from "./explained.ts";
import { facetOf, searchFor, sift, type Filters } from "./facet.ts";
import { pageOf, type Order } from "./page.ts";

type Query = z.output<typeof RepositoryListQuery>;
type Sort = NonNullable<Query["sort"]>;

/** Seconds that the newest attempt took; undefined while it runs or before there was one. */
export function secondsOf({ running, startedAt, finishedAt }: RepositoryEntry): number | undefined {
  if (running || startedAt === undefined || finishedAt === undefined) return undefined;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.round(seconds)) : undefined;
}

/** The row of a repository; money only with the right to see it. */
export function repositoryRow(entry: RepositoryEntry, mayCost: boolean): RepositoryRow {
  const { metadata, repository, branch, phase, reason, diff, attempts, startedAt, used, pullRequest, outdated } = entry;
  const seconds = secondsOf(entry);
  return {
    changeset: metadata.name,
    repository,
    ...(branch === undefined ? {} : { branch }),
    phase,
    ...(reason === undefined ? {} : { reason }),
    ...(diff === undefined ? {} : { additions: diff.additions, deletions: diff.deletions }),
    attempts,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(!mayCost || used?.nano === undefined ? {} : { costUSD: formatUSD(used.nano) }),
    ...(pullRequest === undefined ? {} : { pullRequest: markOf(pullRequest) }),
    ...(outdated ? { outdated } : {}),
  };
}

function markOf({
  url,
  number,
  state,
  draft,
  review,
  checks,
}: NonNullable<RepositoryEntry["pullRequest"]>): NonNullable<RepositoryRow["pullRequest"]> {
  return {
    url,
    number,
    state: draft === true && state === "open" ? "draft" : state,
    ...(review === undefined ? {} : { review }),
    ...(checks === undefined ? {} : { checks }),
  };
}

/** The page, facets and groups of one batch's repositories. */
export function listRepositories(
  all: readonly RepositoryEntry[],
  query: Query,
  mayCost: boolean,
): Omit<RepositoryList, "version" | "staleSince"> {
  const filters = filtersOf(query);
  const { left, but } = sift(all, filters);
  const { sort = "phase", cursor, limit } = query;
  const { rows, next } = pageOf(left, orderOf(sort, mayCost), { sort, cursor, limit });
  return {
    items: rows.map((entry) => repositoryRow(entry, mayCost)),
    ...(next === undefined ? {} : { next }),
    total: left.length,
    visible: all.length,
    facets: {
      phase: facetOf(but("phase"), ({ phase }) => phase, 20),
      reason: facetOf(but("reason"), ({ reason }) => reason, 100),
    },
    groups: groupsOf(sift(all, { q: filters["q"] }).left),
  };
}

function filtersOf({ phase, reason, q }: Query): Filters<RepositoryEntry> {
  const phases = new Set<string>(phase);
  return {
    phase: phases.size === 0 ? undefined : (entry) => phases.has(entry.phase),
    reason: reason === undefined ? undefined : (entry) => entry.reason === reason,
    q: searchFor(q, (entry) => `${entry.repository}\n${entry.branch ?? ""}\n${entry.reason ?? ""}\n${entry.metadata.name}`.toLowerCase()),
  };
}

function groupsOf(rows: readonly RepositoryEntry[]): ReasonGroup[] {
  const byReason = Map.groupBy(rows, ({ reason }) => reason);
  const groups = [...byReason].flatMap(([reason, same]) => (reason === undefined ? [] : [groupOf(reason, same)]));
  return groups.toSorted((left, right) => right.count - left.count || (left.reason < right.reason ? -1 : 1));
}

function groupOf(reason: string, same: readonly RepositoryEntry[]): ReasonGroup {
  const examples = same.slice(0, 3).map(({ repository }) => repository);
  return { ...explained(reason), count: same.length, phases: facetOf(same, ({ phase }) => phase, 20), examples };
}

/** What needs somebody comes first. */
const phaseOrder = [
  "Failed",
  "AwaitingApproval",
  "Running",
  "Publishing",
  "Pending",
  "Open",
  "Closed",
  "Ready",
  "Merged",
  "NoChange",
  "Cancelled",
];

/** Place of a phase in the table, failed first. */
function placeOfPhase(phase: string): number {
  const place = phaseOrder.indexOf(phase);
  return place < 0 ? changesetPhases.length : place;
}

function orderOf(sort: Sort, mayCost: boolean): Order<RepositoryEntry> {
  const key = sort.replace(/^-/, "");
  const leads: Readonly<Record<string, (entry: RepositoryEntry) => number | string>> = {
    phase: ({ phase }) => placeOfPhase(phase),
    repository: ({ repository }) => repository.toLowerCase(),
    cost: ({ used }) => (mayCost ? (used?.nano ?? -1) : -1),
    changed: ({ diff }) => (diff === undefined ? -1 : diff.additions + diff.deletions),
    duration: (entry) => secondsOf(entry) ?? -1,
    started: ({ startedAt }) => startedAt ?? "",
    attempts: ({ attempts }) => attempts,
  };
  return {
    lead: leads[key] ?? (() => 0),
    ties: [({ repository }) => repository.toLowerCase(), ({ metadata }) => metadata.name],
    descending: sort.startsWith("-"),
  };
}
