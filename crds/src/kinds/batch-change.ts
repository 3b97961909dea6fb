import { z } from "zod";
import { Duration, Money, ObjectName, RepositoryURL, Timestamp } from "./field.ts";
import { Condition, CostUSD, TokenUsage } from "./status.ts";

export const Repository = z.strictObject({
  url: RepositoryURL.meta({ description: "Clone URL, https://host/owner/name." }),
  branch: z
    .string()
    .min(1)
    .max(255)
    .regex(/^(?!-)[^\s~^:?*[\\]+$/, "must be a branch name, or HEAD for the default branch")
    .default("HEAD")
    .meta({ description: "Base branch. HEAD is the repository's default branch." }),
  instructions: z.string().max(8192).optional().meta({ description: "What is particular to this repository; added to the prompt." }),
});
export type Repository = z.infer<typeof Repository>;

export const RepositorySelector = z.strictObject({
  search: z.string().min(1).max(1024).optional().meta({ description: "GitHub repository search." }),
  codeSearch: z.string().min(1).max(1024).optional().meta({ description: "GitHub code search." }),
  exclude: z
    .array(z.string().min(1).max(256))
    .max(100)
    .optional()
    .meta({ description: "owner/name patterns that are left out; * matches any text." }),
  limit: z.int().min(1).max(1000).default(5).meta({ description: "Most repositories taken, in the order of their names." }),
});

export const Agent = z.strictObject({
  model: z.string().min(1).max(128).default("claude-sonnet-5-5").meta({ description: "Claude model id." }),
  effort: z.enum(["low", "medium", "high", "xhigh", "max"]).default("medium").meta({ description: "How hard the model thinks." }),
  maxTurns: z.int().min(1).max(1000).default(60).meta({ description: "Most requests to the model per attempt." }),
  maxTokens: z
    .int()
    .min(1000)
    .max(1_000_000_000)
    .default(4_000_000)
    .meta({ description: "Most tokens per attempt: input, cache and output together." }),
  maxCostUSD: Money.default("2.00").meta({ description: "Most dollars per attempt; no request is sent that could pass it." }),
  timeout: Duration.default("30m").meta({ description: "Wall-clock time of an attempt." }),
});
export type Agent = z.infer<typeof Agent>;

export const Check = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "must be lower case letters, digits and -")
    .meta({ description: "Name by which the agent runs it." }),
  command: z.array(z.string().max(4096)).min(1).max(64).meta({ description: "Program and arguments; no shell." }),
  timeout: Duration.default("10m").meta({ description: "Wall-clock time of one run." }),
  required: z.boolean().default(false).meta({ description: "The change is kept back when this is worse than before the change." }),
  adopt: z
    .array(z.string().min(1).max(256))
    .max(20)
    .optional()
    .meta({ description: "Paths that the command may change and that become part of the patch." }),
});
export type Check = z.infer<typeof Check>;

export const Toolbox = z.strictObject({
  image: z.string().min(1).max(512).meta({ description: "Image in which checks run; needs sh and tar." }),
  setup: z.array(z.string().max(4096)).max(64).optional().meta({ description: "Command that runs once before the first check." }),
  resources: z
    .strictObject({
      requests: z.record(z.string().max(63), z.string().max(32)).optional(),
      limits: z.record(z.string().max(63), z.string().max(32)).optional(),
    })
    .optional()
    .meta({ description: "Kubernetes resources of the toolbox container." }),
});

export const publishPolicies = ["Never", "OnApproval", "Automatic"] as const;

export const Publish = z.strictObject({
  policy: z.enum(publishPolicies).default("Never").meta({ description: "When a pull request is opened." }),
  branch: z
    .string()
    .min(1)
    .max(200)
    .regex(/^(?![-/])[^\s~^:?*[\\]+$/, "must be a branch name")
    .optional()
    .meta({ description: "Branch that is pushed; default codybatch/<name>." }),
  title: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .meta({ description: "Pull request title; {{repository.name}} and {{result.summary}} are replaced." }),
  body: z.string().max(32_768).optional().meta({ description: "Pull request text; the same placeholders." }),
  commitMessage: z.string().max(8192).optional().meta({ description: "Commit message; the same placeholders." }),
  draft: z.boolean().default(false).meta({ description: "Open pull requests as drafts." }),
  labels: z.array(z.string().min(1).max(50)).max(20).optional().meta({ description: "Labels of the pull request." }),
  reviewers: z.array(z.string().min(1).max(100)).max(15).optional().meta({ description: "Users, or org/team, asked for review." }),
  allowPaths: z
    .array(z.string().min(1).max(256))
    .max(50)
    .optional()
    .meta({ description: "Paths that are otherwise denied, such as .github/workflows/**." }),
});

export const Credentials = z.strictObject({
  anthropicSecret: ObjectName.default("anthropic").meta({ description: "Secret with the key api-key." }),
  githubReadSecret: ObjectName.default("github-read").meta({ description: "Secret with the key token, for cloning." }),
  githubWriteSecret: ObjectName.default("github-write").meta({ description: "Secret with the key token, for publishing." }),
});

export const ResultStorage = z.strictObject({
  type: z
    .enum(["ConfigMap", "PersistentVolumeClaim"])
    .default("ConfigMap")
    .meta({ description: "Where patches and transcripts are kept." }),
  claimName: ObjectName.optional().meta({ description: "ReadWriteMany claim, for PersistentVolumeClaim." }),
  retain: Duration.default("14d").meta({ description: "How long patches and transcripts are kept after the end; status is kept." }),
});

export const BatchChangeSpec = z.strictObject({
  prompt: z.string().min(1).max(65_536).optional().meta({ description: "What Claude is asked to do in each repository." }),
  promptFrom: z
    .strictObject({ configMapKeyRef: z.strictObject({ name: ObjectName, key: z.string().min(1).max(253) }) })
    .optional()
    .meta({ description: "Takes the prompt from a ConfigMap of the same namespace." }),
  repositories: z
    .array(Repository)
    .max(1000)
    .optional()
    .meta({
      description: "Repositories to change, one Job each.",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["url", "branch"],
    }),
  repositorySelector: RepositorySelector.optional().meta({
    description: "Finds repositories once; their union with repositories is changed.",
  }),
  agent: Agent.prefault({}).meta({ description: "Model and limits of one attempt." }),
  budget: z
    .strictObject({ maxCostUSD: Money.meta({ description: "Most dollars for the whole batch." }) })
    .optional()
    .meta({ description: "Hard cap; default is repositories × agent.maxCostUSD." }),
  toolbox: Toolbox.optional().meta({ description: "Where checks run." }),
  checks: z
    .array(Check)
    .max(20)
    .optional()
    .meta({ description: "Commands that validate the change.", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] }),
  parallelism: z.int().min(1).max(100).default(5).meta({ description: "Most Jobs of this batch at once." }),
  rollout: z
    .strictObject({
      canary: z.int().min(0).max(100).default(0).meta({ description: "So many repositories first; the rest when they ended well." }),
    })
    .optional()
    .meta({ description: "Order of the work." }),
  publish: Publish.prefault({}).meta({ description: "What happens with a finished patch." }),
  credentials: Credentials.prefault({}).meta({ description: "Names of Secrets in the same namespace." }),
  resultStorage: ResultStorage.prefault({}).meta({ description: "Where results are kept." }),
  suspend: z.boolean().default(false).meta({ description: "Start nothing new; running Jobs end." }),
  cancel: z.boolean().default(false).meta({ description: "Stop running Jobs too, keeping what they have; final." }),
  retryFailed: z.int().min(0).max(1000).default(0).meta({ description: "Raise it to run failed Changesets again." }),
  ttlSecondsAfterFinished: z
    .int()
    .min(0)
    .max(315_360_000)
    .optional()
    .meta({ description: "Delete the BatchChange so long after its end." }),
});
export type BatchChangeSpec = z.infer<typeof BatchChangeSpec>;

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

const count = z.int().min(0);
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
  observedGeneration: z.int().optional(),
  phase: z.enum(batchPhases).optional(),
  progress: z.string().max(32).optional().meta({ description: "Finished and all repositories, such as 3/5." }),
  counts: PhaseCounts.partial().optional().meta({ description: "Changesets per phase." }),
  waiting: z.int().optional().meta({ description: "Changesets that wait to start." }),
  usage: TokenUsage.extend({ costUSD: CostUSD }).optional(),
  costPerMergedPullRequestUSD: CostUSD,
  pullRequests: z.int().optional(),
  promptHash: z.string().max(64).optional().meta({ description: "Hash of the prompt that new attempts use." }),
  canaries: z.array(z.string().max(63)).max(1000).optional().meta({ description: "Changesets that go first." }),
  startedAt: Timestamp.optional(),
  finishedAt: Timestamp.optional(),
  conditions: z
    .array(Condition)
    .max(32)
    .optional()
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] }),
  repositories: z
    .array(
      z.strictObject({
        name: z.string().max(512),
        changeset: z.string().max(63),
        phase: z.string().max(32),
        reason: z.string().max(64).optional(),
        pullRequest: z.string().max(512).optional(),
      }),
    )
    .max(100)
    .optional()
    .meta({ description: "At most 100 of the batch's repositories." }),
});
export type BatchChangeStatus = z.infer<typeof BatchChangeStatus>;
