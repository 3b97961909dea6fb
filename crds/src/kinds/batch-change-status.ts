import { z } from "zod";
import { DiscoveryStatus } from "./discovery-status.ts";
import { Timestamp } from "./field.ts";
import { Condition, CostUSD, TotalUsage } from "./status.ts";
import { Rates, TrackingStatus } from "./tracking-status.ts";

export const batchPhases = [
  "Pending",
  "Discovering",
  "Running",
  "AwaitingApproval",
  "Suspended",
  "Succeeded",
  "PartiallySucceeded",
  "Failed",
  "Cancelled",
] as const;
export type BatchPhase = (typeof batchPhases)[number];

const count = z.int().min(0).meta({ description: "Changesets in this phase." });
export const PhaseCounts = z.strictObject({
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

export const BatchChangeStatus = z.strictObject({
  observedGeneration: z.int().optional().meta({ description: "metadata.generation that this status speaks of." }),
  phase: z.enum(batchPhases).optional().meta({ description: "Where the batch stands." }),
  progress: z.string().max(32).optional().meta({ description: "Finished and all repositories, such as 3/5." }),
  counts: PhaseCounts.partial().optional().meta({ description: "Changesets per phase." }),
  waiting: z.int().optional().meta({ description: "Changesets that wait to start." }),
  usage: TotalUsage.optional().meta({ description: "All attempts of all repositories together." }),
  costPerMergedPullRequestUSD: CostUSD.meta({ description: "Dollars of all attempts for each merged pull request." }),
  pullRequests: z.int().optional().meta({ description: "Pull requests that were opened." }),
  discovery: DiscoveryStatus.optional().meta({ description: "How far the search for repositories is, and what it found." }),
  tracking: TrackingStatus.optional().meta({ description: "How far following the pull requests is." }),
  rates: Rates.optional().meta({
    description: "How well the batch went, as far as it is; time stamps of each repository are in its Changeset.",
  }),
  promptHash: z.string().max(64).optional().meta({ description: "Hash of the prompt that new attempts use." }),
  canaries: z.array(z.string().max(63)).max(1000).optional().meta({ description: "Changesets that go first." }),
  startedAt: Timestamp.optional().meta({ description: "When the first attempt started." }),
  finishedAt: Timestamp.optional().meta({ description: "When the last repository finished." }),
  conditions: z
    .array(Condition)
    .max(32)
    .optional()
    .meta({ description: "What holds for the batch.", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] }),
  repositories: z
    .array(
      z.strictObject({
        name: z.string().max(512).meta({ description: "owner/name." }),
        changeset: z.string().max(63).meta({ description: "Its Changeset." }),
        phase: z.string().max(32).meta({ description: "Phase of the Changeset." }),
        reason: z.string().max(64).optional().meta({ description: "Reason of the Changeset." }),
        pullRequest: z.string().max(512).optional().meta({ description: "URL of the pull request." }),
      }),
    )
    .max(100)
    .optional()
    .meta({ description: "At most 100 of the batch's repositories." }),
});
export type BatchChangeStatus = z.infer<typeof BatchChangeStatus>;
