import { z } from "zod";
import { Timestamp } from "./field.ts";
import { CostUSD, TokenUsage } from "./status.ts";

/** Where a payload lies: ConfigMap names in order, or a folder of the claim. */
export const StoredPatch = z.strictObject({
  digest: z.string().max(80).meta({ description: "sha256 of baseCommit, a zero byte and the patch." }),
  baseCommit: z.string().max(64).meta({ description: "Commit that the patch applies to." }),
  tree: z.string().max(64).meta({ description: "Git tree that base plus patch gives." }),
  bytes: z.int().min(0).meta({ description: "Length of the patch." }),
  ref: z.string().max(253).meta({ description: "ConfigMap, or path on the claim, that holds it." }),
});
export type StoredPatch = z.infer<typeof StoredPatch>;

export const StoredTranscript = z.strictObject({
  refs: z.array(z.string().max(253)).max(100).meta({ description: "ConfigMaps in order, or the path on the claim." }),
  events: z.int().min(0).meta({ description: "How many events it holds." }),
  truncated: z.boolean().optional().meta({ description: "Whether its beginning was left out for want of room." }),
});

export const attemptOutcomes = ["Reported", "Failed", "Cancelled", "InfrastructureFault"] as const;

export const Attempt = z.strictObject({
  attempt: z.int().meta({ description: "The user's count." }),
  try: z.int().meta({ description: "The operator's count within the attempt; higher after a fault of the cluster." }),
  job: z.string().max(63).meta({ description: "Job that ran it." }),
  pod: z.string().max(253).optional().meta({ description: "Pod that ran it." }),
  outcome: z.enum(attemptOutcomes).meta({ description: "How it ended." }),
  reason: z.string().max(64).meta({ description: "Why it ended; see the list of reasons." }),
  inputsHash: z.string().max(64).meta({ description: "Hash of the prompt, agent, toolbox, checks and review that it ran with." }),
  promptVersion: z.int().min(1).optional().meta({ description: "Version of the runner's own prompts that it worked with." }),
  usage: TokenUsage.extend({ costUSD: CostUSD }).optional().meta({ description: "What it used." }),
  chargedNanoUSD: z
    .int()
    .min(0)
    .meta({ description: "Nano-dollars counted against the budget: the cost when known, else the whole reservation." }),
  startedAt: Timestamp.optional().meta({ description: "When it started." }),
  finishedAt: Timestamp.optional().meta({ description: "When it ended." }),
  patch: StoredPatch.optional().meta({ description: "The patch that it left." }),
  transcript: StoredTranscript.optional().meta({ description: "The transcript that it left." }),
});
export type Attempt = z.infer<typeof Attempt>;
