import { expect, it } from "vitest";
import { DiscoverInput, DiscoverResult, RepositoryName } from "./discover.ts";
import { TrackInput, TrackResult } from "./track.ts";

it.each(["acme/api", "a/b", "Acme-Inc/.github", "acme/a_b.c-d", "enterprise_managed/x"])("%s is a name", (name) => {
  expect(RepositoryName.safeParse(name).success).toBe(true);
});

it.each([
  "acme",
  "acme/",
  "/api",
  "acme/..",
  "acme/.",
  "../api",
  "acme/api/x",
  "acme/a b",
  "acme/a\nb",
  "acme/a?b",
  "acme/ü",
  "-a/b",
  "a/b#",
])("%j is no name", (name) => {
  expect(RepositoryName.safeParse(name).success).toBe(false);
});

const storage = { type: "ConfigMap", maxBytes: 1 } as const;
const whole = {
  version: 1,
  namespace: "team-a",
  batchChange: { name: "b", uid: "uid-b" },
  githubURL: "https://github.com",
  storage,
} as const;

it("an input of discovery has the selector's defaults", () => {
  const input = { ...whole, task: "discover", selector: { search: "org:acme" }, repositoryPatterns: [], maxRepositories: 5 };
  expect(DiscoverInput.parse(input)).toMatchObject({ selector: { archived: false, forks: false, limit: 5 }, listed: [] });
});

const at = { requests: 1, startedAt: "2026-11-21T10:00:00.000Z", finishedAt: "2026-11-21T10:00:01.000Z" };

it("what version 1 stored stays readable", () => {
  const push = "yes" as const;
  const why = { search: true, code: { path: "a/.nvmrc", files: 2 } };
  const repositories = [{ url: "https://github.com/acme/api", name: "acme/Api", defaultBranch: "main", why, push }];
  const extent = { matched: 1, read: 1, truncated: false, incomplete: false };
  const found = {
    version: 1,
    task: "discover",
    outcome: { kind: "Discovered", message: "1.", repositories },
    discovery: {
      found: 2,
      skipped: [{ name: "acme/old", reason: "Archived" }],
      skippedCounts: { Archived: 1 },
      search: extent,
      codeSearch: extent,
    },
    ...at,
  };
  expect(DiscoverResult.parse(found)).toEqual(found);
  const refused = { version: 1, task: "discover", outcome: { kind: "Refused", reason: "LimitExceeded", message: "6." }, ...at };
  expect(DiscoverResult.parse(refused)).toEqual(refused);
});

it("what tracking is asked and stored in version 1 stays readable", () => {
  const pull = { changeset: "b-1", repository: "acme/api", number: 1, publishedSHA: "a".repeat(40) };
  const asked = { ...whole, task: "track", pullRequests: [pull] };
  expect(TrackInput.parse(asked)).toEqual(asked);
  const seen = {
    changeset: "b-1",
    kind: "Seen",
    url: "https://github.com/acme/api/pull/1",
    number: 1,
    state: "merged",
    draft: false,
    checks: "passing",
    review: "approved",
    mergeable: "unknown",
    headSHA: "a".repeat(40),
    createdAt: at.startedAt,
    closedAt: at.finishedAt,
    mergedAt: at.finishedAt,
    humanCommits: false,
  };
  const others = [
    { changeset: "b-2", kind: "Gone", what: "repository" },
    { changeset: "b-3", kind: "Refused", message: "No." },
    { changeset: "b-4", kind: "Unseen" },
  ];
  const outcome = { kind: "RateLimited", until: at.finishedAt, message: "Later." };
  const rateLimit = { cost: 2, remaining: 4998, resetAt: at.finishedAt };
  const told = { version: 1, task: "track", outcome, pullRequests: [seen, ...others], rateLimit, ...at };
  expect(TrackResult.parse(told)).toEqual(told);
});
