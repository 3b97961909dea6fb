import { z } from "zod";
import { Attempt, StoredPatch, StoredTranscript } from "./attempt.ts";
import { ChangeResult } from "./change-result.ts";
import { Timestamp } from "./field.ts";
import { Condition, TotalUsage } from "./status.ts";

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
  url: z.string().max(512).meta({ description: "Where it is." }),
  number: z.int().meta({ description: "Its number." }),
  state: z.string().max(32).meta({ description: "open, closed or merged." }),
  draft: z.boolean().optional().meta({ description: "Whether it is a draft." }),
  checks: z.string().max(32).optional().meta({ description: "Outcome of its CI." }),
  review: z.string().max(32).optional().meta({ description: "Outcome of its review." }),
  mergeable: z.string().max(32).optional().meta({ description: "Whether it can be merged as it is." }),
  headSHA: z.string().max(64).optional().meta({ description: "Commit at its head." }),
  createdAt: Timestamp.optional().meta({ description: "When it was opened." }),
  mergedAt: Timestamp.optional().meta({ description: "When it was merged." }),
  closedAt: Timestamp.optional().meta({ description: "When it was closed, by a merge or without." }),
  humanCommits: z.boolean().optional().meta({ description: "Whether a commit without our trailer is among its newest." }),
});
export type PullRequest = z.infer<typeof PullRequest>;

export const Publishing = z.strictObject({
  settled: z.int().min(0).meta({ description: "Publish Jobs whose end is counted here." }),
  digest: z.string().max(80).optional().meta({ description: "Patch that they were for." }),
});
export type Publishing = z.infer<typeof Publishing>;

export const ChangesetStatus = z.strictObject({
  observedGeneration: z.int().optional().meta({ description: "metadata.generation that this status speaks of." }),
  phase: z.enum(changesetPhases).optional().meta({ description: "Where the change stands." }),
  reason: z.string().max(64).optional().meta({ description: "Why it stands there; see the list of reasons." }),
  message: z.string().max(1024).optional().meta({ description: "What happened, and the exact next command." }),
  result: ChangeResult.optional().meta({ description: "What Claude reported." }),
  diffStat: z.string().max(32).optional().meta({ description: "Added and deleted lines, such as +12 -3." }),
  patch: StoredPatch.optional().meta({ description: "The patch that is stored now." }),
  transcript: StoredTranscript.optional().meta({ description: "The transcript of the last attempt." }),
  usage: TotalUsage.optional().meta({ description: "All attempts together." }),
  /** Counted against the budget over all attempts, those no longer listed included. */
  chargedNanoUSD: z.int().min(0).optional().meta({ description: "Counted against the budget, in nano-dollars." }),
  publishing: Publishing.optional().meta({ description: "How far publishing is." }),
  pullRequest: PullRequest.optional().meta({ description: "The pull request." }),
  job: z.string().max(63).optional().meta({ description: "Job of the running attempt." }),
  pod: z
    .strictObject({
      name: z.string().max(253).meta({ description: "Its name." }),
      uid: z.string().max(64).meta({ description: "Its uid." }),
    })
    .optional()
    .meta({ description: "Pod of that Job; results are read from it alone, even after Job and pod are gone." }),
  attempts: z.array(Attempt).max(10).optional().meta({ description: "The last ten tries." }),
  attempt: z.int().optional().meta({ description: "The attempt that phase and result speak of." }),
  outdated: z.boolean().optional().meta({ description: "The prompt, agent, toolbox, checks or review changed since this result." }),
  conditions: z
    .array(Condition)
    .max(16)
    .optional()
    .meta({ description: "What holds for the change.", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] }),
});
export type ChangesetStatus = z.infer<typeof ChangesetStatus>;
