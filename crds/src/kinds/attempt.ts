import { z } from "zod";
import { Timestamp } from "./field.ts";
import { CostUSD, TokenUsage } from "./status.ts";

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
