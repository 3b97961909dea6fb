import { Agent, batchPhases, nanoUSD, type Metadata } from "@codybatch/crds";
import { slimMetadata } from "@codybatch/operator";
import { z } from "zod";
import { StatusUsage, usedOf, type Used } from "./used.ts";
import type { Words } from "./word.ts";

const count = z.int().min(0).catch(0);
const Counts = z.object({
  pending: count,
  running: count,
  noChange: count,
  ready: count,
  awaitingApproval: count,
  publishing: count,
  open: count,
  merged: count,
  closed: count,
  failed: count,
  cancelled: count,
  removed: count,
  duplicate: count,
});
export type PhaseCount = z.infer<typeof Counts>;

const defaultAgent = Agent.parse({});
const Money = z.union([z.number(), z.string()]);

/** Loose: the installed operator may be newer, and a list must not lose a row for a field that it does not show. */
const Raw = z.object({
  spec: z.object({
    prompt: z.string().optional().catch(undefined),
    repositories: z.array(z.object({ url: z.string() })).catch([]),
    agent: z
      .object({ model: z.string().default(defaultAgent.model), maxCostUSD: Money.default(defaultAgent.maxCostUSD) })
      .catch(defaultAgent),
    budget: z.object({ maxCostUSD: Money }).optional().catch(undefined),
    resultStorage: z.object({ claimName: z.string().optional() }).optional().catch(undefined),
  }),
  status: z
    .object({
      phase: z.enum(batchPhases).catch("Pending"),
      progress: z.string().optional().catch(undefined),
      counts: Counts,
      waiting: count,
      usage: StatusUsage.optional().catch(undefined),
      costPerMergedPullRequestUSD: z.string().optional().catch(undefined),
      pullRequests: count,
      finishedAt: z.string().optional().catch(undefined),
      repositories: z.array(z.object({ name: z.string() })).catch([]),
    })
    .partial()
    .prefault({}),
});

/** What lists, search, charts and the stream need of a BatchChange, and no more. */
export interface BatchEntry {
  readonly metadata: Metadata;
  readonly phase: (typeof batchPhases)[number];
  readonly counts: PhaseCount;
  readonly total: number;
  readonly finished: number;
  readonly waiting: number;
  readonly pullRequests: number;
  readonly model: string;
  readonly budgetNano: number;
  readonly used: Used | undefined;
  readonly costPerMergedUSD: string | undefined;
  readonly finishedAt: string | undefined;
  readonly claim: string | undefined;
  /** `key=value`. */
  readonly labels: readonly string[];
  /** Lower case, what search looks into, at most 4 KiB. */
  readonly haystack: string;
}

const longestHaystack = 4096;
const unlabelled: readonly string[] = [];

/** Throws a ZodError for what is no BatchChange. */
export function batchEntry(raw: unknown, words: Words): BatchEntry {
  const { spec, status } = Raw.parse(raw);
  const { ownerReferences: _owners, annotations: _annotations, labels: marks, ...metadata } = slimMetadata(raw);
  const labels = marks === undefined ? unlabelled : Object.entries(marks).map(([key, value]) => words.one(`${key}=${value}`));
  const counts = status.counts ?? Counts.parse({});
  const [finished, total] = progressOf(status.progress, counts, spec.repositories.length);
  const budget = spec.budget?.maxCostUSD;
  return {
    metadata,
    phase: status.phase ?? "Pending",
    counts,
    total,
    finished,
    waiting: status.waiting ?? 0,
    pullRequests: status.pullRequests ?? 0,
    model: spec.agent.model,
    budgetNano: budget === undefined ? total * nanoUSD(spec.agent.maxCostUSD) : nanoUSD(budget),
    used: status.usage === undefined ? undefined : usedOf(status.usage),
    costPerMergedUSD: status.costPerMergedPullRequestUSD,
    finishedAt: status.finishedAt,
    claim: spec.resultStorage?.claimName,
    labels,
    haystack: haystackOf(metadata, spec.prompt, [
      ...labels,
      ...spec.repositories.map(({ url }) => url),
      ...(status.repositories ?? []).map(({ name }) => name),
    ]),
  };
}

function progressOf(progress: string | undefined, counts: PhaseCount, listed: number): readonly [finished: number, total: number] {
  const said = /^([0-9]{1,6})\/([0-9]{1,6})$/.exec(progress ?? "");
  if (said !== null) return [Number(said[1]), Number(said[2])];
  const all = Object.entries(counts).reduce((sum, [phase, number]) => sum + (phase === "removed" || phase === "duplicate" ? 0 : number), 0);
  const unfinished = counts.pending + counts.running + counts.awaitingApproval + counts.publishing;
  return all === 0 ? [0, listed] : [all - unfinished, all];
}

function haystackOf({ namespace, name }: Metadata, prompt: string | undefined, texts: readonly string[]): string {
  return [namespace, name, (prompt ?? "").slice(0, 1024), ...texts].join("\n").slice(0, longestHaystack).toLowerCase();
}
