import { z } from "zod";
import { Attempt, StoredPatch, StoredTranscript } from "./attempt.ts";
import { ChangeResult } from "./change-result.ts";
import { Timestamp } from "./field.ts";
import { Condition, CostUSD, TokenUsage } from "./status.ts";

export const changesetPhases = [
  "Pending",
  "Running",
  "NoChange",
  "Ready",
  "AwaitingApproval",
  "Publishing",
  "Open",
  "Merged",
  "Closed",
  "Failed",
  "Cancelled",
  "Removed",
  "Duplicate",
] as const;
export type ChangesetPhase = (typeof changesetPhases)[number];

export const PullRequest = z.strictObject({
  url: z.string().max(512),
  number: z.int(),
  state: z.string().max(32),
  checks: z.string().max(32).optional(),
  review: z.string().max(32).optional(),
  mergeable: z.string().max(32).optional(),
  headSHA: z.string().max(64).optional(),
  createdAt: Timestamp.optional(),
  mergedAt: Timestamp.optional(),
});

export const ChangesetStatus = z.strictObject({
  observedGeneration: z.int().optional(),
  phase: z.enum(changesetPhases).optional(),
  reason: z.string().max(64).optional(),
  message: z.string().max(1024).optional().meta({ description: "What happened, and the exact next command." }),
  result: ChangeResult.optional(),
  diffStat: z.string().max(32).optional(),
  patch: StoredPatch.optional(),
  transcript: StoredTranscript.optional(),
  usage: TokenUsage.extend({ costUSD: CostUSD }).optional().meta({ description: "All attempts together." }),
  /** Counted against the budget over all attempts, those no longer listed included. */
  chargedNanoUSD: z.int().min(0).optional().meta({ description: "Counted against the budget, in nano-dollars." }),
  pullRequest: PullRequest.optional(),
  job: z.string().max(63).optional().meta({ description: "Job of the running attempt." }),
  pod: z
    .strictObject({ name: z.string().max(253), uid: z.string().max(64) })
    .optional()
    .meta({ description: "Pod of that Job; results are read from it alone, even after Job and pod are gone." }),
  attempts: z.array(Attempt).max(10).optional().meta({ description: "The last ten tries." }),
  attempt: z.int().optional().meta({ description: "The attempt that phase and result speak of." }),
  outdated: z.boolean().optional().meta({ description: "The prompt, agent, toolbox or checks changed since this result." }),
  conditions: z
    .array(Condition)
    .max(16)
    .optional()
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] }),
});
export type ChangesetStatus = z.infer<typeof ChangesetStatus>;
