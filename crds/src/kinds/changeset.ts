import { z } from "zod";
import { Timestamp } from "./field.ts";
import { Repository } from "./batch-change.ts";
import { Condition, CostUSD, TokenUsage } from "./status.ts";

export const Approval = z.strictObject({
  patch: z
    .string()
    .max(80)
    .regex(/^sha256:[0-9a-f]{64}$/, "must be status.patch.digest, sha256:<64 hex digits>")
    .meta({ description: "Digest of exactly the patch that was read." }),
  by: z.string().min(1).max(256).meta({ description: "User who approves; must be the one who sends the request." }),
});

export const ChangesetSpec = z.strictObject({
  batchChange: z.string().min(1).max(40).meta({ description: "Name of the owning BatchChange." }),
  repository: Repository.extend({ name: z.string().min(1).max(512).meta({ description: "owner/name." }) }),
  attempt: z.int().min(0).max(1000).default(0).meta({ description: "Raise it to run this repository again." }),
  retryGeneration: z.int().min(0).max(1000).default(0).meta({ description: "The batch's retryFailed that this Changeset has followed." }),
  approval: Approval.optional().meta({ description: "Approves one exact patch." }),
});
export type ChangesetSpec = z.infer<typeof ChangesetSpec>;

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

export const CheckResult = z.strictObject({
  name: z.string().max(63),
  outcome: z.enum(["Passed", "Failed", "NotRun"]),
  required: z.boolean(),
  exitCode: z.int().optional(),
  durationSeconds: z.number().optional(),
});

export const ChangeResult = z.strictObject({
  wereChangesNecessary: z.boolean(),
  summary: z.string().max(1024),
  explanation: z.string().max(4096),
  filesChanged: z.int().min(0),
  additions: z.int().min(0),
  deletions: z.int().min(0),
  checks: z.array(CheckResult).max(20).optional(),
  warnings: z.array(z.string().max(256)).max(20).optional(),
});
export type ChangeResult = z.infer<typeof ChangeResult>;

/** Where a payload lies: ConfigMap names in order, or a folder of the claim. */
export const StoredPatch = z.strictObject({
  digest: z.string().max(80).meta({ description: "sha256 of baseCommit, a zero byte and the patch." }),
  baseCommit: z.string().max(64),
  tree: z.string().max(64).meta({ description: "Git tree that base plus patch gives." }),
  bytes: z.int().min(0),
  ref: z.string().max(253).meta({ description: "ConfigMap, or path on the claim, that holds it." }),
});
export type StoredPatch = z.infer<typeof StoredPatch>;

export const StoredTranscript = z.strictObject({
  refs: z.array(z.string().max(253)).max(100),
  events: z.int().min(0),
  truncated: z.boolean().optional(),
});

export const attemptOutcomes = ["Reported", "Failed", "Cancelled", "InfrastructureFault"] as const;

export const Attempt = z.strictObject({
  attempt: z.int(),
  try: z.int(),
  job: z.string().max(63),
  pod: z.string().max(253).optional(),
  outcome: z.enum(attemptOutcomes),
  reason: z.string().max(64),
  inputsHash: z.string().max(64),
  usage: TokenUsage.extend({ costUSD: CostUSD }).optional(),
  /** Counted against the budget: the cost when known, else the whole reservation. */
  chargedNanoUSD: z.int().min(0),
  startedAt: Timestamp.optional(),
  finishedAt: Timestamp.optional(),
  patch: StoredPatch.optional(),
  transcript: StoredTranscript.optional(),
});
export type Attempt = z.infer<typeof Attempt>;

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
