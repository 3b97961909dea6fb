import { Condition, PhaseCounts, Repository } from "@codybatch/crds";
import { z } from "zod";
import { At, Command, Count, Dollars, Freshness, UsageTotals } from "../field.ts";
import { BatchRow } from "./row.ts";

/** Of the whole, floored, so that 100 means all of it. */
const Percent = z.int().min(0).max(100);

export const KubernetesEvent = z.object({
  at: At,
  firstAt: At.optional(),
  type: z.enum(["Normal", "Warning"]),
  reason: z.string(),
  message: z.string(),
  count: Count,
  about: z.string().meta({ description: "Kind and name of the object that it speaks of." }),
});
export type KubernetesEvent = z.infer<typeof KubernetesEvent>;

const Budget = z.object({
  maxCostUSD: Dollars,
  spentUSD: Dollars.optional().meta({ description: "Absent: a price is unknown." }),
  percent: z.int().min(0).optional(),
});

const Diff = z.object({ filesChanged: Count, additions: Count, deletions: Count });

/** Absent before anything was tried. */
const Rates = z.object({
  successPercent: Percent.optional().meta({ description: "Finished repositories that did not fail." }),
  mergePercent: Percent.optional().meta({ description: "Opened pull requests that were merged." }),
  costPerMergedPullRequestUSD: Dollars.optional(),
});

const Skipped = z.object({ reason: z.string(), count: Count });

/** What spec.repositorySelector came to. */
export const DiscoverySummary = z.object({
  state: z.enum(["NotAsked", "Running", "Done", "Refused"]),
  message: z.string().optional(),
  found: Count.optional(),
  taken: Count.optional(),
  skipped: z.array(Skipped).optional(),
});

/** Everything above the table of repositories. */
export const BatchDetail = Freshness.extend({
  row: BatchRow,
  uid: z.string(),
  percent: Percent.meta({ description: "Of the repositories that are finished, floored." }),
  counts: PhaseCounts,
  progress: z.string().optional(),
  startedAt: At.optional(),
  deletedAt: At.optional().meta({ description: "Since when it is being deleted." }),
  labels: z.record(z.string(), z.string()),
  model: z.string(),
  publishPolicy: z.string(),
  suspended: z.boolean(),
  cancelled: z.boolean(),
  prompt: z.string().optional().meta({ description: "Absent where it comes from a ConfigMap." }),
  promptFrom: z.string().optional().meta({ description: "name/key of the ConfigMap that the prompt comes from." }),
  spec: z.string().meta({ description: "The BatchChange as YAML, fit for kubectl apply." }),
  listed: z.array(Repository).optional().meta({ description: "spec.repositories, the first 1000." }),
  diff: Diff.meta({ description: "All patches together." }),
  usage: UsageTotals.optional().meta({ description: "Absent without the right to see costs." }),
  budget: Budget.optional().meta({ description: "Absent without the right to see costs." }),
  rates: Rates,
  discovery: DiscoverySummary,
  conditions: z.array(Condition),
  events: z.array(KubernetesEvent).optional().meta({ description: "Newest first; absent where the server may not read Events." }),
  commands: z.array(Command).meta({ description: "What the viewer can do next." }),
  rights: z.object({ transcript: z.boolean(), patch: z.boolean(), cost: z.boolean() }),
});
export type BatchDetail = z.infer<typeof BatchDetail>;
