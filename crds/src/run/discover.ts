import { z } from "zod";
import { RepositorySelector } from "../kinds/repository.ts";
import { RunStorage } from "./storage.ts";

/** What a discover Job is to find: `input.json` of its pod. */
export const DiscoverInput = z.object({
  version: z.literal(1),
  task: z.literal("discover"),
  namespace: z.string(),
  batchChange: z.object({ name: z.string(), uid: z.string() }),
  /** Origin that the found repositories are cloned from, such as `https://github.com`. */
  githubURL: z.url({ protocol: /^https?$/ }),
  selector: RepositorySelector,
  /** Entries of spec.repositories: what is found again is no second Changeset, and they count against the administrator's most. */
  listed: z
    .array(z.object({ url: z.string(), branch: z.string() }))
    .max(1000)
    .default([]),
  /** The administrator's patterns for a canonical URL; `*` any text without a slash, `**` any text. */
  repositoryPatterns: z.array(z.string().max(512)).max(1000),
  /** The administrator's most in one batch, listed and found together. */
  maxRepositories: z.int().min(1).max(1000),
  storage: RunStorage,
});
export type DiscoverInput = z.infer<typeof DiscoverInput>;

/** Why nothing may run: a person has to act first. */
export const discoverRefusals = [
  // the selector
  "NothingFound",
  "LimitExceeded",
  "SearchRefused",
  // the credential
  "CredentialMissing",
  "CredentialRejected",
  "PermissionMissing",
] as const;
export type DiscoverRefusal = (typeof discoverRefusals)[number];

/** Why a repository that was found is not taken. */
export const skipReasons = [
  "Excluded",
  "NotAllowed",
  "Duplicate",
  "Archived",
  "Fork",
  "OptedOut",
  "Empty",
  "NotReadable",
  "BeyondLimit",
] as const;
export const SkipReason = z.enum(skipReasons);
export type SkipReason = z.infer<typeof SkipReason>;

/** A repository at its default branch with a file of this name is left alone by every selector; the content is never read. */
export const optOutFile = ".codybatchignore";

/** Most skipped repositories that are named; the counts have all of them. */
export const namedSkips = 500;

/** `owner/name` in the spelling of the host, of letters that are safe in a URL and a path. */
export const RepositoryName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-_.]{0,99}\/(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/, "must be owner/name");

/**
 * Text of at most so many bytes in UTF-8. What others have written is bounded so, because each of the letters of a
 * file's name may take three, and a thousand of them have to fit into one ConfigMap.
 */
export function atMostBytes(bytes: number) {
  return z
    .string()
    .max(bytes)
    .refine((text) => new TextEncoder().encode(text).length <= bytes, `must have at most ${bytes} bytes`);
}

/** Bytes of a found file's path; of a longer one the end is left out. */
export const longestFoundPath = 256;

/** A branch's name; git keeps it as a file, whose name has at most so many bytes. */
export const FoundBranch = atMostBytes(255);

export const FoundRepository = z.object({
  /** Canonical: it is the url of the Changeset, whose branch is HEAD. */
  url: z.string().max(512),
  name: RepositoryName,
  /** What HEAD is now; for a reader only. */
  defaultBranch: FoundBranch,
  why: z.object({
    search: z.boolean(),
    /** The first matching file, by its path, and how many matched; absent when code search did not find it. */
    code: z.object({ path: atMostBytes(longestFoundPath), files: z.int().min(1) }).optional(),
  }),
  /** Whether the read credential's user may push. A hint: the publish Job asks again with the write credential. */
  push: z.enum(["yes", "no", "unknown"]),
});
export type FoundRepository = z.infer<typeof FoundRepository>;

/** How much of one search was seen. */
export const SearchExtent = z.object({
  /** What GitHub says that there is: repositories, or files for code search. */
  matched: z.int().min(0),
  read: z.int().min(0),
  /** GitHub gives the first 1,000 only, and there are more. */
  truncated: z.boolean(),
  /** GitHub's own search ran out of time, so that some may be missing. */
  incomplete: z.boolean(),
});
export type SearchExtent = z.infer<typeof SearchExtent>;

/** To be run again as it is: `until` is when the host said to come back. */
export const RateLimited = z.object({ kind: z.literal("RateLimited"), until: z.iso.datetime(), message: z.string().max(1024) });
/** To be run again as it is: the host did not answer, or not as GitHub does. */
export const Unavailable = z.object({ kind: z.literal("Unavailable"), message: z.string().max(1024) });

/** How a discover Job ended. */
export const DiscoverOutcome = z.discriminatedUnion("kind", [
  /** Sorted by name. */
  z.object({ kind: z.literal("Discovered"), message: z.string().max(1024), repositories: z.array(FoundRepository).min(1).max(1000) }),
  z.object({ kind: z.literal("Refused"), reason: z.enum(discoverRefusals), message: z.string().max(1024) }),
  RateLimited,
  Unavailable,
]);
export type DiscoverOutcome = z.infer<typeof DiscoverOutcome>;

/** What was searched and left out; absent where the Job ended before it knew. */
export const Discovery = z.object({
  /** Repositories that either search found, each once. */
  found: z.int().min(0),
  /** Sorted by name, at most {@link namedSkips}. */
  skipped: z.array(z.object({ name: RepositoryName, reason: SkipReason })).max(namedSkips),
  skippedCounts: z.partialRecord(SkipReason, z.int().min(1)),
  search: SearchExtent.optional(),
  codeSearch: SearchExtent.optional(),
});
export type Discovery = z.infer<typeof Discovery>;

/** `/out/result.json` of a discover Job, and the key `result` of the ConfigMap `<pod>-result`. */
export const DiscoverResult = z.object({
  version: z.literal(1),
  task: z.literal("discover"),
  outcome: DiscoverOutcome,
  discovery: Discovery.optional(),
  /** Requests to the host's API, those included that came to nothing. */
  requests: z.int().min(0),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
});
export type DiscoverResult = z.infer<typeof DiscoverResult>;
