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
  gone: z.enum(["repository", "pullRequest"]).optional().meta({ description: "What of it the host does not show any more." }),
  verified: z
    .boolean()
    .optional()
    .meta({ description: "Whether the host believes the signature of our commit; absent where we do not sign." }),
  verifiedReason: z.string().max(64).optional().meta({ description: "The host's word for it, such as valid or unknown_key." }),
  humanCommits: z.boolean().optional().meta({ description: "Whether a commit without our trailer is among its newest." }),
});
export type PullRequest = z.infer<typeof PullRequest>;

/** How a publish Job can end, as status tells it. Lost: it ended and told nothing. */
export const publishEnds = ["Published", "Closed", "Refused", "RateLimited", "Unavailable", "Lost"] as const;

const RecordedApproval = z.strictObject({
  patch: z.string().max(80).meta({ description: "Digest of the patch." }),
  by: z.string().max(256).meta({ description: "User who approved it." }),
  at: Timestamp.meta({ description: "When the operator saw the approval." }),
});

const Mending = z.strictObject({
  attempts: z.int().min(0).meta({ description: "Attempts that failed checks have started by themselves." }),
  row: z.int().min(0).meta({ description: "So many of them in a row." }),
  since: z.int().meta({ description: "spec.attempt and spec.retryGeneration together when the last of them was started." }),
  pullRequest: z.int().min(1).meta({ description: "Number of the pull request whose checks failed." }),
  url: z.string().max(512).meta({ description: "Where it is." }),
  headSHA: z.string().max(64).meta({ description: "Commit whose checks failed." }),
});

export const Publishing = z.strictObject({
  settled: z.int().min(0).meta({ description: "Publish Jobs whose end is counted here." }),
  digest: z.string().max(80).optional().meta({ description: "What the last of them was for: the digest of a patch, or close." }),
  outcome: z.enum(publishEnds).optional().meta({ description: "How the last of them ended." }),
  reason: z.string().max(64).optional().meta({ description: "Why the last of them was refused; see the list of reasons." }),
  message: z.string().max(1024).optional().meta({ description: "The last one's own words." }),
  failures: z.int().min(0).optional().meta({ description: "So many in a row came to nothing." }),
  failingSince: Timestamp.optional().meta({ description: "When the first of these ended." }),
  until: Timestamp.optional().meta({ description: "No further one starts before then." }),
  settings: z.string().max(64).optional().meta({ description: "Hash of the spec.publish that the last of them worked with." }),
  published: z.string().max(80).optional().meta({ description: "Digest of the patch that the pull request brings." }),
  commit: z.string().max(64).optional().meta({ description: "Commit that was published last." }),
  warnings: z
    .array(z.string().max(256))
    .max(10)
    .optional()
    .meta({ description: "What could not be done although the pull request is there." }),
  approval: RecordedApproval.optional().meta({ description: "Who approved which patch, and when." }),
  mending: Mending.optional().meta({ description: "What failed checks have led to, where spec.publish.onCIFailure asks for it." }),
  starts: z
    .array(
      z.strictObject({ number: z.int().meta({ description: "Its number." }), at: Timestamp.meta({ description: "When it was made." }) }),
    )
    .max(20)
    .optional()
    .meta({ description: "Publish Jobs of the last hour, which the pace counts." }),
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
