import { z } from "zod";

/** Somebody who can own or do something. A bot is what a GitHub App acts as. */
export const Account = z.object({
  id: z.int(),
  login: z.string(),
  name: z.string(),
  email: z.string(),
  kind: z.enum(["User", "Organization", "Bot"]),
  /** SSH public keys for signatures, `ssh-ed25519 AAAA…`. */
  signingKeys: z.array(z.string()),
});
export type Account = z.infer<typeof Account>;

const Team = z.object({ id: z.int(), organization: z.string(), slug: z.string(), members: z.array(z.string()) });
export type Team = z.infer<typeof Team>;

/** From the least to the most. */
export const roles = ["read", "triage", "write", "maintain", "admin"] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

const Label = z.object({ id: z.int(), name: z.string(), color: z.string() });
export type Label = z.infer<typeof Label>;

const Review = z.object({ user: z.string(), state: z.enum(["APPROVED", "CHANGES_REQUESTED", "COMMENTED"]), at: z.int() });

const Comment = z.object({ id: z.int(), user: z.string(), body: z.string(), at: z.int() });
export type Comment = z.infer<typeof Comment>;

/** A pull request between two branches of one repository. Times are in milliseconds. */
const Pull = z.object({
  id: z.int(),
  number: z.int(),
  title: z.string(),
  body: z.string().optional(),
  draft: z.boolean(),
  state: z.enum(["open", "closed"]),
  author: z.string(),
  head: z.object({ ref: z.string(), sha: z.string() }),
  base: z.object({ ref: z.string(), sha: z.string() }),
  maintainerCanModify: z.boolean(),
  createdAt: z.int(),
  updatedAt: z.int(),
  closedAt: z.int().optional(),
  merged: z.object({ at: z.int(), by: z.string(), commit: z.string() }).optional(),
  labels: z.array(z.string()),
  reviewers: z.array(z.string()),
  teamReviewers: z.array(z.string()),
  reviews: z.array(Review),
  comments: z.array(Comment),
  /** The pair of commits for which GitHub has worked out whether they merge; asking starts the work. */
  mergeabilityOf: z.string().optional(),
});
export type Pull = z.infer<typeof Pull>;

const Annotation = z.object({ path: z.string(), line: z.int(), level: z.enum(["notice", "warning", "failure"]), message: z.string() });

export const CheckRun = z.object({
  id: z.int(),
  name: z.string(),
  sha: z.string(),
  status: z.enum(["queued", "in_progress", "completed"]),
  conclusion: z.enum(["success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required"]).optional(),
  title: z.string().optional(),
  summary: z.string().optional(),
  annotations: z.array(Annotation),
  /** The job's log where the run is one of Actions; its id is the job's id then. */
  log: z.string().optional(),
  at: z.int(),
});
export type CheckRun = z.infer<typeof CheckRun>;

const Status = z.object({
  id: z.int(),
  sha: z.string(),
  context: z.string(),
  state: z.enum(["error", "failure", "pending", "success"]),
  description: z.string().optional(),
  at: z.int(),
});
export type Status = z.infer<typeof Status>;

/** By GitHub's own names. */
const rules = [
  "creation",
  "update",
  "deletion",
  "non_fast_forward",
  "pull_request",
  "required_signatures",
  "required_linear_history",
] as const;

export const Ruleset = z.strictObject({
  /** Patterns of whole ref names, `~ALL` for every branch, or `~DEFAULT_BRANCH`. */
  include: z.array(z.string()),
  rules: z.array(z.enum(rules)),
  /** Logins that it does not hold for. */
  bypass: z.array(z.string()).default([]),
});
export type Ruleset = z.infer<typeof Ruleset>;

export const Repository = z.object({
  id: z.int(),
  owner: z.string(),
  name: z.string(),
  private: z.boolean(),
  archived: z.boolean(),
  fork: z.boolean(),
  description: z.string().optional(),
  language: z.string().optional(),
  topics: z.array(z.string()),
  defaultBranch: z.string(),
  /** By login, or by `organization/team`. */
  collaborators: z.record(z.string(), Role),
  protectedBranches: z.array(z.string()),
  rulesets: z.array(Ruleset).default([]),
  requiredReviews: z.int(),
  labels: z.array(Label),
  pulls: z.array(Pull),
  checks: z.array(CheckRun),
  statuses: z.array(Status),
  nextNumber: z.int(),
  createdAt: z.int(),
  pushedAt: z.int(),
});
export type Repository = z.infer<typeof Repository>;

/** Everything that GitHub keeps beside git. */
export const World = z.object({
  nextId: z.int(),
  accounts: z.array(Account),
  teams: z.array(Team),
  repositories: z.array(Repository),
});
export type World = z.infer<typeof World>;
