import { BatchChangeSpec, BatchChangeStatus, formatUSD } from "@codybatch/crds";
import type { BatchDetail } from "@codybatch/dashboard-contract";
import { parseObject, resources, type Client, type KubeObject } from "@codybatch/operator";
import { stringify } from "yaml";
import { z } from "zod";
import { notFound, Refusal } from "../http/refusal.ts";
import { batchRow } from "../list/batches.ts";
import { lenient } from "../payload/lenient.ts";
import { batchEntry, type BatchEntry } from "../watch/batch-entry.ts";
import type { RepositoryEntry } from "../watch/repository-entry.ts";
import { totalsOf } from "../watch/used.ts";
import { Words } from "../watch/word.ts";
import { batchCommands } from "./commands.ts";
import { discoveryOf } from "./discovery.ts";
import { eventsOf } from "./events.ts";

export interface DetailRights {
  readonly transcript: boolean;
  readonly patch: boolean;
  readonly cost: boolean;
}

interface Asked {
  readonly client: Client;
  readonly namespace: string;
  readonly name: string;
  readonly repositories: readonly RepositoryEntry[];
  readonly rights: DetailRights;
}

const Raw = z.object({ spec: z.unknown(), status: z.unknown().optional() });

/** One batch as it is at the moment, without its table. */
export async function batchDetail(asked: Asked): Promise<Omit<BatchDetail, "version" | "staleSince">> {
  const { client, namespace, name, repositories, rights } = asked;
  const found = await client.get(resources.batchChanges, namespace, name);
  if (found === undefined) throw notFound("batch");
  const entry = batchEntry(found, new Words());
  const { spec, status } = read(found);
  const owner = { kind: "BatchChange", namespace, name, uid: found.metadata.uid } as const;
  const events = await eventsOf(client, namespace, new Set([name]));
  return {
    ...factsOf(found, entry, spec, status),
    row: batchRow(entry, rights.cost),
    diff: diffOf(repositories),
    ...(rights.cost ? moneyOf(entry, status) : {}),
    rates: ratesOf(entry, rights.cost),
    discovery: await discoveryOf(client, owner, spec, status),
    ...(events === undefined ? {} : { events }),
    commands: batchCommands(entry, spec),
    rights,
  };
}

function read(found: KubeObject): { readonly spec: BatchChangeSpec; readonly status: BatchChangeStatus } {
  const raw = Raw.parse(found);
  const [spec, status] = [lenient(BatchChangeSpec, raw.spec), lenient(BatchChangeStatus, raw.status ?? {})];
  if (spec === undefined || status === undefined) {
    throw new Refusal("Internal", "This BatchChange has a form that this version of the dashboard cannot read.");
  }
  return { spec, status };
}

function factsOf(found: KubeObject, entry: BatchEntry, spec: BatchChangeSpec, status: BatchChangeStatus) {
  const { uid, deletionTimestamp, labels = {} } = parseObject(found).metadata;
  const { prompt, promptFrom, repositories } = spec;
  const source = promptFrom?.configMapKeyRef;
  return {
    uid,
    percent: entry.total === 0 ? 0 : Math.floor((100 * entry.finished) / entry.total),
    counts: entry.counts,
    ...(status.progress === undefined ? {} : { progress: status.progress }),
    ...(status.startedAt === undefined ? {} : { startedAt: status.startedAt }),
    ...(deletionTimestamp === undefined ? {} : { deletedAt: deletionTimestamp }),
    labels,
    model: spec.agent.model,
    publishPolicy: spec.publish.policy,
    suspended: spec.suspend,
    cancelled: spec.cancel,
    ...(prompt === undefined ? {} : { prompt }),
    ...(source === undefined ? {} : { promptFrom: `${source.name}/${source.key}` }),
    spec: manifestOf(found),
    ...(repositories === undefined ? {} : { listed: repositories }),
    conditions: status.conditions ?? [],
  };
}

const serverSet: ReadonlySet<string> = new Set(["kubectl.kubernetes.io/last-applied-configuration"]);

/** What a user would apply: without what the API server and the operator wrote. */
function manifestOf(found: KubeObject): string {
  const { name, namespace, labels, annotations = {} } = found.metadata;
  const kept = Object.entries(annotations).filter(([key]) => !serverSet.has(key));
  const metadata = {
    name,
    namespace,
    ...(labels === undefined ? {} : { labels }),
    ...(kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) }),
  };
  return stringify({ apiVersion: found["apiVersion"], kind: "BatchChange", metadata, spec: found["spec"] }, { lineWidth: 0 });
}

function diffOf(repositories: readonly RepositoryEntry[]): BatchDetail["diff"] {
  const sum = (pick: (diff: NonNullable<RepositoryEntry["diff"]>) => number): number =>
    repositories.reduce((all, { diff }) => all + (diff === undefined ? 0 : pick(diff)), 0);
  return {
    filesChanged: sum((diff) => diff.filesChanged),
    additions: sum((diff) => diff.additions),
    deletions: sum((diff) => diff.deletions),
  };
}

function moneyOf({ used, budgetNano }: BatchEntry, status: BatchChangeStatus): Pick<BatchDetail, "usage" | "budget"> {
  const spent = used?.nano ?? (status.usage === undefined ? 0 : undefined);
  const percent = spent === undefined || budgetNano === 0 ? undefined : Math.floor((100 * spent) / budgetNano);
  return {
    ...(used === undefined ? {} : { usage: totalsOf(used) }),
    budget: {
      maxCostUSD: formatUSD(budgetNano),
      ...(spent === undefined ? {} : { spentUSD: formatUSD(spent) }),
      ...(percent === undefined ? {} : { percent }),
    },
  };
}

function ratesOf({ counts, finished, pullRequests, costPerMergedUSD }: BatchEntry, mayCost: boolean): BatchDetail["rates"] {
  const bad = counts.failed + counts.cancelled;
  return {
    ...(finished === 0 ? {} : { successPercent: Math.floor((100 * Math.max(0, finished - bad)) / finished) }),
    ...(pullRequests === 0 ? {} : { mergePercent: Math.min(100, Math.floor((100 * counts.merged) / pullRequests)) }),
    ...(mayCost && costPerMergedUSD !== undefined ? { costPerMergedPullRequestUSD: costPerMergedUSD } : {}),
  };
}
