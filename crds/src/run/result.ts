import { z } from "zod";
import { ChangeResult } from "../kinds/change-result.ts";
import { RunUsage } from "./usage.ts";

/** Why a run ended, as the agent or clone says it. All but Reported keep diff and transcript. */
export const runReasons = [
  "Reported",
  // limits
  "TurnsExhausted",
  "TokensExhausted",
  "BudgetExhausted",
  "DeadlineExceeded",
  "ContextExceeded",
  // the model and its API
  "Refused",
  "Stuck",
  "NotReported",
  "ApiUnavailable",
  "ApiRejected",
  "PriceUnknown",
  // credentials and clone
  "SecretMissing",
  "KeyMissing",
  "AppRejected",
  "AppNotInstalled",
  "RepositoryNotFound",
  "RepositoryForbidden",
  "BranchNotFound",
  "EmptyRepository",
  "RepositoryTooLarge",
  "CloneFailed",
  "UnsafePath",
  // patch
  "PatchTooLarge",
  "PathDenied",
  "PatchRefused",
  "SecretFound",
  "HiddenCharacters",
  "ChangeTooLarge",
  // checks
  "CheckFailed",
  "ToolboxUnavailable",
  // second opinion
  "ReviewRejected",
  "ReviewUnavailable",
  "Interrupted",
  "InternalError",
] as const;
export type RunReason = (typeof runReasons)[number];

export const RunPatch = z.object({
  digest: z.string(),
  baseCommit: z.string(),
  tree: z.string(),
  bytes: z.int(),
  filesChanged: z.int(),
  additions: z.int(),
  deletions: z.int(),
});
export type RunPatch = z.infer<typeof RunPatch>;

/** `/out/result.json`, and the key `result` of the ConfigMap `<pod>-result`. */
export const RunResult = z.object({
  version: z.literal(1),
  reason: z.enum(runReasons),
  /** One or two sentences for a person: what happened and what to do. */
  message: z.string(),
  report: ChangeResult.optional(),
  patch: RunPatch.optional(),
  usage: RunUsage,
  warnings: z.array(z.string()).default([]),
  /** Version of the agent's own prompts; absent where no agent ran. */
  promptVersion: z.int().min(1).optional(),
  startedAt: z.string(),
  finishedAt: z.string(),
  /** True where the answers came from the scripted stand-in, not from Claude. */
  standIn: z.boolean().optional(),
});
export type RunResult = z.infer<typeof RunResult>;

/** The text of the page `/out/progress`, and the key `progress` of `<pod>-live`: what a run has done so far. */
export const RunProgress = z.object({
  version: z.literal(1),
  turn: z.int(),
  /** What it does now, in a few words, such as "edit_file package.json". */
  activity: z.string(),
  usage: RunUsage,
  /** Worst cost of the request that is in flight while this is the newest progress, 0 when none is. Absent: nobody knows, so an interrupted run counts its whole reservation. */
  inFlightNanoUSD: z.int().min(0).optional(),
  patch: RunPatch.optional(),
  updatedAt: z.string(),
});
export type RunProgress = z.infer<typeof RunProgress>;

/** What the recorder stored, the key `record` of `<pod>-result` and `<pod>-live`. It never names a cause: the operator does. */
export const RunRecord = z.object({
  version: z.literal(1),
  ended: z.enum(["Running", "Finished", "Interrupted"]),
  transcript: z.object({ refs: z.array(z.string()), events: z.int(), bytes: z.int(), truncated: z.boolean() }),
  /** ConfigMap or claim path of the stored patch; for a live record, `<pod>-live` itself, as the last of its transcript refs. */
  patchRef: z.string().optional(),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** At most 2 KiB in the termination message of agent and recorder: the last resort when no ConfigMap arrived. */
export const TerminationMessage = z.object({
  version: z.literal(1),
  reason: z.enum(runReasons),
  usage: RunUsage.optional(),
  digest: z.string().optional(),
});
export type TerminationMessage = z.infer<typeof TerminationMessage>;
