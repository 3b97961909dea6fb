import type { BatchList, BatchListQuery, BatchRow } from "@codybatch/dashboard-contract";
import { formatUSD } from "@codybatch/crds";
import type { z } from "zod";
import type { Reach } from "../access/rights.ts";
import type { BatchEntry } from "../watch/batch-entry.ts";
import { facetOf, facetOfAll, searchFor, sift, type Filters } from "./facet.ts";
import { pageOf, type Order } from "./page.ts";

type Query = z.output<typeof BatchListQuery>;
type Sort = NonNullable<Query["sort"]>;

/** The row of a batch; money only with the right to see it. */
export function batchRow(entry: BatchEntry, mayCost: boolean): BatchRow {
  const { metadata, phase, counts, total, finished, waiting, pullRequests, finishedAt } = entry;
  const { namespace, name, creationTimestamp } = metadata;
  const base = { namespace, name, phase, total, finished, failed: counts.failed, running: counts.running, waiting };
  const row = {
    ...base,
    pullRequests,
    merged: counts.merged,
    createdAt: creationTimestamp,
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
  if (!mayCost) return row;
  const cost = entry.used?.nano;
  return { ...row, ...(cost === undefined ? {} : { costUSD: formatUSD(cost) }), budgetUSD: formatUSD(entry.budgetNano) };
}

/** The page, totals and facets that a query asks for, of the batches that the viewer may see. */
export function listBatches(visible: readonly BatchEntry[], query: Query, cost: Reach): Omit<BatchList, "version" | "staleSince"> {
  const { left, but } = sift(visible, filtersOf(query));
  const { sort = "-created", cursor, limit } = query;
  const mayCost = ({ metadata }: BatchEntry): boolean => cost.has(metadata.namespace);
  const { rows, next } = pageOf(left, orderOf(sort, mayCost), { sort, cursor, limit });
  return {
    items: rows.map((entry) => batchRow(entry, mayCost(entry))),
    ...(next === undefined ? {} : { next }),
    total: left.length,
    visible: visible.length,
    facets: {
      phase: facetOf(but("phase"), ({ phase }) => phase, 20),
      namespace: facetOf(but("namespace"), ({ metadata }) => metadata.namespace, 100),
      label: facetOfAll(but("label"), ({ labels }) => labels, 50),
    },
  };
}

function filtersOf({ namespace, phase, label, q }: Query): Filters<BatchEntry> {
  const phases = new Set<string>(phase);
  return {
    namespace: namespace === undefined ? undefined : (entry) => entry.metadata.namespace === namespace,
    phase: phases.size === 0 ? undefined : (entry) => phases.has(entry.phase),
    label: label === undefined ? undefined : (entry) => hasLabel(entry, label),
    q: searchFor(q, ({ haystack }) => haystack),
  };
}

function hasLabel({ labels }: BatchEntry, label: string): boolean {
  return label.includes("=") ? labels.includes(label) : labels.some((other) => other.startsWith(`${label}=`));
}

const phaseOrder = [
  "Failed",
  "PartiallySucceeded",
  "AwaitingApproval",
  "Running",
  "Discovering",
  "Pending",
  "Suspended",
  "Succeeded",
  "Cancelled",
];

/** Who may not see costs learns nothing of them from an order either. */
function orderOf(sort: Sort, mayCost: (entry: BatchEntry) => boolean): Order<BatchEntry> {
  const key = sort.replace(/^-/, "");
  const leads: Readonly<Record<string, (entry: BatchEntry) => number | string>> = {
    created: ({ metadata }) => metadata.creationTimestamp,
    name: ({ metadata }) => metadata.name,
    phase: ({ phase }) => phaseOrder.indexOf(phase),
    cost: (entry) => (mayCost(entry) ? (entry.used?.nano ?? -1) : -1),
    failed: ({ counts }) => counts.failed,
    finished: ({ finishedAt }) => finishedAt ?? "",
  };
  return {
    lead: leads[key] ?? (() => 0),
    ties: [({ metadata }) => metadata.namespace, ({ metadata }) => metadata.name],
    descending: sort.startsWith("-"),
  };
}
