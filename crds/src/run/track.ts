import { z } from "zod";
import { atMostBytes, RateLimited, RepositoryName, Unavailable } from "./discover.ts";
import { RunStorage } from "./storage.ts";

/** Which pull requests a track Job looks at: `input.json` of its pod. */
export const TrackInput = z.object({
  version: z.literal(1),
  task: z.literal("track"),
  namespace: z.string(),
  batchChange: z.object({ name: z.string(), uid: z.string() }),
  /** Origin that all of them are at, such as `https://github.com`: one Job asks one host. */
  githubURL: z.url({ protocol: /^https?$/ }),
  pullRequests: z
    .array(
      z.object({
        changeset: z.string().min(1).max(63),
        repository: RepositoryName,
        number: z.int().min(1),
        /** The commit that was published last: while it is the head, nobody else has committed. */
        publishedSHA: z.string().min(1).max(64),
      }),
    )
    .max(1000),
  storage: RunStorage,
});
export type TrackInput = z.infer<typeof TrackInput>;
export type TrackedPullRequest = TrackInput["pullRequests"][number];

/** How a track Job ended. What was seen before it could not go on is kept with every outcome. */
export const TrackOutcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("Tracked") }),
  z.object({
    kind: z.literal("Refused"),
    reason: z.enum(["CredentialMissing", "CredentialRejected", "PermissionMissing"]),
    message: z.string().max(1024),
  }),
  RateLimited,
  Unavailable,
]);
export type TrackOutcome = z.infer<typeof TrackOutcome>;

/** How a pull request stands. */
export const SeenPullRequest = z.object({
  changeset: z.string(),
  kind: z.literal("Seen"),
  url: z.string().max(512),
  number: z.int().min(1),
  state: z.enum(["open", "closed", "merged"]),
  draft: z.boolean(),
  /** Of the commit at its head: all its checks and statuses in one word. */
  checks: z.enum(["passing", "failing", "pending", "none"]),
  /** By the branch's rules where these ask for a review, else by the newest reviews of those who may push. */
  review: z.enum(["approved", "changes_requested", "required", "none"]),
  /** unknown: GitHub has not worked it out yet; what was known before may be kept while headSHA is the same. */
  mergeable: z.enum(["mergeable", "conflicting", "unknown"]),
  headSHA: z.string().max(64),
  createdAt: z.iso.datetime(),
  closedAt: z.iso.datetime().optional(),
  mergedAt: z.iso.datetime().optional(),
  /** One of the newest commits, the base brought in by a button included, is without our trailer. */
  humanCommits: z.boolean(),
});
export type SeenPullRequest = z.infer<typeof SeenPullRequest>;

/** Bytes of what GitHub says of one pull request; of more the end is left out. */
export const longestRefusal = 512;

/** What one look came to for one pull request. */
export const Followed = z.discriminatedUnion("kind", [
  SeenPullRequest,
  /** GitHub says that there is no such repository or pull request, or that the read credential may not know of it any more. */
  z.object({ changeset: z.string(), kind: z.literal("Gone"), what: z.enum(["repository", "pullRequest"]) }),
  /** The read credential may see the repository and not its pull requests. */
  z.object({ changeset: z.string(), kind: z.literal("Refused"), message: atMostBytes(longestRefusal) }),
  /** Not looked at, for the outcome of the whole; what was known holds. */
  z.object({ changeset: z.string(), kind: z.literal("Unseen") }),
]);
export type Followed = z.infer<typeof Followed>;

/** `/out/result.json` of a track Job, and the key `result` of the ConfigMap `<pod>-result`. */
export const TrackResult = z.object({
  version: z.literal(1),
  task: z.literal("track"),
  outcome: TrackOutcome,
  /** One for each of the input, in its order. */
  pullRequests: z.array(Followed).max(1000),
  /** Requests to the host's API, those included that came to nothing. */
  requests: z.int().min(0),
  /** Points of GitHub's GraphQL limit that they cost, and what is left until it renews; absent before the first answer. */
  rateLimit: z.object({ cost: z.int(), remaining: z.int(), resetAt: z.iso.datetime() }).optional(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
});
export type TrackResult = z.infer<typeof TrackResult>;
