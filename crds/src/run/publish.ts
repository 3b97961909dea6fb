import { z } from "zod";
import { ChangeResult } from "../kinds/change-result.ts";
import { RunStorage } from "./storage.ts";

/** What a publish Job is to do: `input.json` of its pod. The patch is a file of its own. */
export const PublishInput = z.object({
  version: z.literal(1),
  task: z.literal("publish"),
  namespace: z.string(),
  batchChange: z.string(),
  changeset: z.object({ name: z.string(), uid: z.string() }),
  /** `branch` is the base that the pull request goes to; HEAD: the default branch. */
  repository: z.object({ url: z.string(), name: z.string(), branch: z.string() }),
  patch: z.object({ digest: z.string(), baseCommit: z.string().regex(/^[0-9a-f]{40,64}$/), tree: z.string() }),
  /** Branch that is pushed. */
  branch: z.string().min(1),
  /** The user's texts as they are in the BatchChange, variables not filled in; absent: the runner's own. */
  title: z.string().optional(),
  body: z.string().optional(),
  commitMessage: z.string().optional(),
  draft: z.boolean().default(false),
  labels: z.array(z.string()).default([]),
  /** Users, or org/team. */
  reviewers: z.array(z.string()).default([]),
  /** What Claude reported of the attempt that made the patch, and what that attempt cost. */
  report: ChangeResult,
  costUSD: z.string().optional(),
  /** Page of this Changeset, where a dashboard is configured. */
  dashboardURL: z.url({ protocol: /^https?$/ }).optional(),
  author: z.object({ name: z.string().min(1), email: z.string().min(1) }),
  /** The attempt's finishedAt. Date of the commit, so it must be the same each time. */
  date: z.iso.datetime(),
  /** Whether allowPaths lets the change touch .github/workflows. */
  allowsWorkflows: z.boolean().default(false),
  /** The pull request as an earlier publish Job left it. */
  known: z.object({ number: z.int(), headSHA: z.string() }).optional(),
  storage: RunStorage,
});
export type PublishInput = z.infer<typeof PublishInput>;

/** What a publish Job is to do that closes our pull request: the other form of its `input.json`. No patch is mounted, and git is not used. */
export const ClosePullRequest = PublishInput.pick({
  version: true,
  task: true,
  namespace: true,
  batchChange: true,
  changeset: true,
  repository: true,
  branch: true,
  author: true,
  known: true,
  storage: true,
}).extend({
  close: z.object({
    number: z.int().min(1),
    /** Says there why it is closed; Markdown, stands as it is. */
    comment: z.string().min(1).max(4096),
  }),
});
export type ClosePullRequest = z.infer<typeof ClosePullRequest>;

/** Why nothing, or no more, was published: a person has to act first. */
export const publishRefusals = [
  // what was approved
  "PatchMismatch",
  "TreeMismatch",
  // the credential
  "CredentialMissing",
  "CredentialRejected",
  "SigningKeyUnusable",
  "NotOwned",
  "PermissionMissing",
  "WorkflowPermissionMissing",
  // the repository
  "BaseGone",
  "BranchTaken",
  "HumanCommits",
  "PushRefused",
  // the pull request
  "Closed",
  "PullRequestRefused",
] as const;
export type PublishRefusal = (typeof publishRefusals)[number];

export const PublishedPullRequest = z.object({
  url: z.string(),
  number: z.int(),
  state: z.enum(["open", "closed", "merged"]),
  headSHA: z.string(),
  createdAt: z.string(),
  mergedAt: z.string().optional(),
});
export type PublishedPullRequest = z.infer<typeof PublishedPullRequest>;

/** How a publish Job ended. RateLimited and Unavailable are to be run again as they are; Refused is not. */
export const PublishOutcome = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("Published"),
    commit: z.string(),
    branch: z.string(),
    pullRequest: PublishedPullRequest,
    /** What the host says of the commit's signature, "valid" or why it does not believe it; absent: we do not sign, or it could not be asked. */
    verified: z.object({ verified: z.boolean(), reason: z.string().max(64) }).optional(),
  }),
  /** The end of a {@link ClosePullRequest}. `already`: it was closed, or merged, before this Job looked; `pullRequest.state` says which. */
  z.object({ kind: z.literal("Closed"), already: z.boolean(), pullRequest: PublishedPullRequest }),
  z.object({
    kind: z.literal("Refused"),
    reason: z.enum(publishRefusals),
    /** One or two sentences for a person: what was wrong and what to do. */
    message: z.string(),
    /** Where there is one already. */
    pullRequest: PublishedPullRequest.optional(),
  }),
  /** `until` is when the host said to come back. */
  z.object({ kind: z.literal("RateLimited"), until: z.iso.datetime(), message: z.string() }),
  z.object({ kind: z.literal("Unavailable"), message: z.string() }),
]);
export type PublishOutcome = z.infer<typeof PublishOutcome>;

/** `/out/result.json` of a publish Job, and the key `result` of the ConfigMap `<pod>-result`. */
export const PublishResult = z.object({
  version: z.literal(1),
  task: z.literal("publish"),
  outcome: PublishOutcome,
  /** What could not be done although the pull request is there, such as a reviewer who is no collaborator. */
  warnings: z.array(z.string()).default([]),
  /** Requests to the host's API, and processes of git that spoke to it. */
  requests: z.object({ api: z.int().min(0), git: z.int().min(0) }),
  startedAt: z.string(),
  finishedAt: z.string(),
});
export type PublishResult = z.infer<typeof PublishResult>;

/** One line of a publish Job's `transcript.jsonl`: a step that is done, or the end. */
export const PublishEvent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("publishing"), version: z.literal(1), at: z.string(), changeset: z.string(), digest: z.string() }),
  z.object({ kind: z.literal("closing"), version: z.literal(1), at: z.string(), changeset: z.string(), pullRequest: z.int() }),
  z.object({ kind: z.literal("step"), at: z.string(), step: z.string(), message: z.string() }),
  z.object({ kind: z.literal("ended"), at: z.string(), outcome: PublishOutcome }),
]);
export type PublishEvent = z.infer<typeof PublishEvent>;
