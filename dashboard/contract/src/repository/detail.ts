import { Approval, attemptOutcomes, ChangeResult, changesetPhases, Condition, PullRequest } from "@codybatch/crds";
import { z } from "zod";
import { At, AttemptId, Command, Count, Freshness, UsageTotals } from "../field.ts";
import { Explained } from "../reason.ts";
import { RepositoryRow } from "./row.ts";

/** Whether a payload can be shown. `pruned`: its time was over. `elsewhere`: on a claim that the server does not mount; `command` copies it. */
export const Availability = z.object({
  state: z.enum(["stored", "live", "none", "pruned", "elsewhere"]),
  command: Command.optional(),
});
export type Availability = z.infer<typeof Availability>;

const PatchFacts = Availability.extend({
  digest: z.string().optional(),
  baseCommit: z.string().optional(),
  bytes: Count.optional(),
});

const TranscriptFacts = Availability.extend({
  events: Count.optional(),
  truncated: z.boolean().optional().meta({ description: "Part of it was left out for want of room." }),
});

export const AttemptView = z.object({
  id: AttemptId,
  attempt: z.int(),
  try: z.int(),
  job: z.string(),
  outcome: z.enum([...attemptOutcomes, "Running"]),
  explained: Explained.optional(),
  startedAt: At.optional(),
  finishedAt: At.optional(),
  seconds: z.number().optional(),
  promptVersion: z.int().optional(),
  inputsHash: z.string().optional().meta({ description: "Equal hashes: the same prompt, agent, toolbox, checks and review." }),
  usage: UsageTotals.optional(),
  patch: PatchFacts,
  transcript: TranscriptFacts,
});
export type AttemptView = z.infer<typeof AttemptView>;

const Progress = z.object({
  turn: Count,
  activity: z.string().meta({ description: "What the agent does now, in a few words; hostile." }),
  updatedAt: At,
  usage: UsageTotals.optional(),
});

export const RepositoryDetail = Freshness.extend({
  row: RepositoryRow,
  namespace: z.string(),
  batchChange: z.string(),
  url: z.string(),
  branch: z.string(),
  instructions: z.string().optional(),
  createdAt: At,
  phase: z.enum(changesetPhases),
  explained: Explained.optional(),
  message: z.string().optional().meta({ description: "What happened and the next command, as the operator says it." }),
  result: ChangeResult.optional(),
  patch: PatchFacts,
  transcript: TranscriptFacts,
  usage: UsageTotals.optional().meta({ description: "All attempts together; absent without the right to see costs." }),
  pullRequest: PullRequest.optional(),
  approval: Approval.optional(),
  attempts: z.array(AttemptView).meta({ description: "Newest first; the last ten and the one that runs." }),
  progress: Progress.optional().meta({ description: "While an attempt runs." }),
  conditions: z.array(Condition),
  commands: z.array(Command),
  rights: z.object({ transcript: z.boolean(), patch: z.boolean(), cost: z.boolean() }),
});
export type RepositoryDetail = z.infer<typeof RepositoryDetail>;
