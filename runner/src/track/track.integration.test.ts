import { type SeenPullRequest, TrackResult } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { acme, type Stage, stage } from "../../../local/src/github/testing/stage.ts";
import { looking, type LookingOptions } from "../github/testing/looking.ts";
import { runTrack } from "./index.ts";

const changeset = (number: number): string => `b-${number}`;
const ours = (number: number): string => `Move to Node 24\n\nCody-Batch: team-a/b/${changeset(number)}\n`;

interface Opened {
  readonly changeset: string;
  readonly repository: string;
  readonly number: number;
  readonly publishedSHA: string;
}

/** Opens the next pull request of acme/api, as a publish Job does. */
async function open(at: Stage, number = 1, draft = false): Promise<Opened> {
  const branch = `codybatch/b-${number}`;
  const files = { [`a${number}.txt`]: "a\n" };
  const publishedSHA = await at.github.hands.commit("acme/api", { by: "cody", branch, files, message: ours(number) });
  await at.octokit("write").pulls.create({ owner: "acme", repo: "api", head: branch, base: "main", title: "Move", draft });
  return { changeset: changeset(number), repository: "acme/api", number, publishedSHA };
}

async function trackAt(at: Stage, pullRequests: readonly Opened[], options: LookingOptions = {}): Promise<TrackResult> {
  const storage = { type: "ConfigMap", maxBytes: 1_000_000 };
  const input = {
    version: 1,
    task: "track",
    namespace: "team-a",
    batchChange: { name: "b", uid: "uid-b" },
    githubURL: at.github.url,
    pullRequests,
    storage,
  };
  return TrackResult.parse((await looking(at, runTrack, input, options)).result);
}

async function lookAt(at: Stage, pull: Opened): Promise<SeenPullRequest> {
  const { outcome, pullRequests } = await trackAt(at, [pull]);
  expect(outcome).toEqual({ kind: "Tracked" });
  const [followed] = pullRequests;
  if (followed?.kind !== "Seen") throw new Error(`${followed?.kind} instead of Seen`);
  return followed;
}

it("a pull request is followed from its draft to its merge", async () => {
  await using at = await stage();
  const { hands } = at.github;
  const pull = await open(at, 1, true);
  expect(await lookAt(at, pull)).toEqual({
    changeset: "b-1",
    kind: "Seen",
    url: `${at.github.url}/acme/api/pull/1`,
    number: 1,
    state: "open",
    draft: true,
    checks: "none",
    review: "none",
    mergeable: "mergeable",
    headSHA: pull.publishedSHA,
    createdAt: expect.any(String) as string,
    humanCommits: false,
  });
  hands.ready("acme/api", 1);
  hands.check("acme/api", pull.publishedSHA, { name: "test" });
  hands.repository("acme/api").requiredReviews = 1;
  expect(await lookAt(at, pull)).toMatchObject({ draft: false, checks: "pending", review: "required" });
  hands.check("acme/api", pull.publishedSHA, { name: "test", conclusion: "failure" });
  hands.review("acme/api", 1, "bob", "CHANGES_REQUESTED");
  expect(await lookAt(at, pull)).toMatchObject({ checks: "failing", review: "changes_requested" });
  hands.check("acme/api", pull.publishedSHA, { name: "test", conclusion: "success" });
  hands.review("acme/api", 1, "bob", "APPROVED");
  expect(await lookAt(at, pull)).toMatchObject({ checks: "passing", review: "approved" });
  await hands.merge("acme/api", 1, "ann");
  expect(await lookAt(at, pull)).toMatchObject({ state: "merged", mergedAt: expect.any(String) as string, humanCommits: false });
});

it("one that is closed says when, and is open again when it was opened again", async () => {
  await using at = await stage();
  const pull = await open(at);
  at.github.hands.close("acme/api", 1);
  expect(await lookAt(at, pull)).toMatchObject({ state: "closed", closedAt: expect.any(String) as string });
  at.github.hands.reopen("acme/api", 1);
  expect((await lookAt(at, pull)).closedAt).toBeUndefined();
});

it("an approval counts where no rule asks for one", async () => {
  await using at = await stage();
  const pull = await open(at);
  at.github.hands.review("acme/api", 1, "mallory", "CHANGES_REQUESTED");
  expect(await lookAt(at, pull)).toMatchObject({ review: "none" });
  at.github.hands.review("acme/api", 1, "bob", "APPROVED");
  expect(await lookAt(at, pull)).toMatchObject({ review: "approved" });
});

it("a conflict is told at the same look, although GitHub has to work it out first", async () => {
  await using at = await stage();
  const pull = await open(at);
  await at.github.hands.commit("acme/api", { by: "ann", branch: "main", files: { "a1.txt": "other\n" } });
  const { pullRequests, requests } = await trackAt(at, [pull]);
  expect(pullRequests).toMatchObject([{ mergeable: "conflicting" }]);
  expect(requests).toBe(2);
});

describe("whose commits there are", () => {
  it("a commit of a person is seen", async () => {
    await using at = await stage();
    const pull = await open(at);
    await at.github.hands.commit("acme/api", { by: "ann", branch: "codybatch/b-1", files: { "b.txt": "b\n" } });
    expect(await lookAt(at, pull)).toMatchObject({ humanCommits: true });
    await at.github.hands.merge("acme/api", 1, "ann", "squash");
    expect(await lookAt(at, pull)).toMatchObject({ state: "merged", humanCommits: true });
  });

  it("one that we pushed meanwhile is ours", async () => {
    await using at = await stage();
    const pull = await open(at);
    const by = { by: "cody", branch: "codybatch/b-1", files: { "b.txt": "b\n" } };
    const headSHA = await at.github.hands.commit("acme/api", { ...by, message: ours(1) });
    expect(await lookAt(at, pull)).toMatchObject({ headSHA, humanCommits: false });
    await at.github.hands.commit("acme/api", { ...by, files: { "c.txt": "c\n" }, message: ours(2) });
    expect(await lookAt(at, pull)).toMatchObject({ humanCommits: true });
  });

  it("a branch that somebody replaced is a person's", async () => {
    await using at = await stage();
    const pull = await open(at);
    const other = await at.github.hands.commit("acme/api", { by: "ann", branch: "other", files: { "b.txt": "b\n" } });
    await at.github.hands.move("acme/api", "codybatch/b-1", other, "ann");
    expect(await lookAt(at, pull)).toMatchObject({ headSHA: other, humanCommits: true });
  });
});

it("what is gone costs the others nothing", async () => {
  await using at = await stage();
  const first = await open(at, 1);
  const second = await open(at, 2);
  const gone = { ...first, changeset: "b-gone", number: 99 };
  const hidden = { ...first, changeset: "b-hidden", repository: "acme/hidden" };
  const { outcome, pullRequests, requests } = await trackAt(at, [hidden, first, gone, second]);
  expect({ outcome, requests }).toEqual({ outcome: { kind: "Tracked" }, requests: 1 });
  expect(pullRequests).toMatchObject([
    { changeset: "b-hidden", kind: "Gone", what: "repository" },
    { changeset: "b-1", kind: "Seen", state: "open" },
    { changeset: "b-gone", kind: "Gone", what: "pullRequest" },
    { changeset: "b-2", kind: "Seen", state: "open" },
  ]);
});

it("one whose pull requests may not be read is told apart", async () => {
  const narrow = { name: "read", token: "ghp_narrow00", user: "cody", permissions: { contents: "read" } } as const;
  await using at = await stage({ tokens: [narrow] });
  const pull = { changeset: "b-1", repository: "acme/vault", number: 1, publishedSHA: "a".repeat(40) };
  const { pullRequests } = await trackAt(at, [pull]);
  expect(pullRequests).toEqual([{ changeset: "b-1", kind: "Refused", message: "Resource not accessible by personal access token" }]);
});

it("sixty are three requests of one point each, and the read token never writes", async () => {
  await using at = await stage({ limits: { content: [{ requests: 1000, seconds: 1 }] } });
  const pulls = [];
  for (let number = 1; number <= 60; number += 1) pulls.push(await open(at, number));
  const before = at.github.requests.length;
  const { pullRequests, requests, rateLimit } = await trackAt(at, pulls);
  expect(pullRequests.filter(({ kind }) => kind === "Seen")).toHaveLength(60);
  expect({ requests, rateLimit }).toMatchObject({ requests: 3, rateLimit: { cost: 3, remaining: 4997 } });
  for (const request of at.github.requests.slice(before)) {
    expect(request).toMatchObject({ operation: "graphql", token: "read", writes: false, early: false });
  }
});

describe("a fault", () => {
  it.each([
    [{ status: 500 }],
    [{ reset: true as const }],
    [{ status: 429, retryAfterSeconds: 1 }],
    [{ status: 403, retryAfterSeconds: 1, message: "You have exceeded a secondary rate limit" }],
  ])("%j is passed over", async (fault) => {
    await using at = await stage();
    const pull = await open(at);
    at.github.fail({ operation: "graphql", ...fault });
    expect(await trackAt(at, [pull])).toMatchObject({ outcome: { kind: "Tracked" }, requests: 2 });
    expect(at.github.requests.filter(({ early }) => early)).toEqual([]);
  });

  it.each([
    [{ status: 503 }, { kind: "Unavailable" }],
    [{ reset: true as const }, { kind: "Unavailable" }],
    [{ status: 404 }, { kind: "Unavailable" }],
    [{ status: 422 }, { kind: "Unavailable" }],
    [{ status: 401 }, { kind: "Refused", reason: "CredentialRejected" }],
    [
      { status: 403, message: "Resource not accessible" },
      { kind: "Refused", reason: "PermissionMissing" },
    ],
    [{ status: 403, retryAfterSeconds: 900 }, { kind: "RateLimited" }],
  ])("%j that stays ends it by name, and keeps what was seen", async (fault, outcome) => {
    await using at = await stage();
    const first = await open(at, 1);
    const later = await open(at, 2);
    const absent = Array.from({ length: 24 }, (_, index) => ({ ...first, changeset: `b-x${index}`, number: 100 + index }));
    at.github.fail({ operation: "graphql", skip: 1, times: "always", ...fault });
    const result = await trackAt(at, [first, ...absent, later]);
    expect(result.outcome).toMatchObject(outcome);
    expect(result.pullRequests[0]).toMatchObject({ kind: "Seen", state: "open" });
    expect(result.pullRequests[1]).toMatchObject({ kind: "Gone" });
    expect(result.pullRequests.at(-1)).toEqual({ changeset: "b-2", kind: "Unseen" });
  });

  it("at the question for commits leaves the pull request unseen", async () => {
    await using at = await stage();
    const pull = await open(at);
    await at.github.hands.commit("acme/api", { by: "ann", branch: "codybatch/b-1", files: { "b.txt": "b\n" } });
    at.github.fail({ operation: "graphql", skip: 1, times: "always", status: 503 });
    expect(await trackAt(at, [pull])).toMatchObject({ outcome: { kind: "Unavailable" }, pullRequests: [{ kind: "Unseen" }] });
  });

  it("at the second look keeps what the first saw", async () => {
    await using at = await stage();
    const pull = await open(at);
    await at.github.hands.commit("acme/api", { by: "ann", branch: "main", files: { "a1.txt": "other\n" } });
    at.github.fail({ operation: "graphql", skip: 1, times: "always", status: 503 });
    const { outcome, pullRequests } = await trackAt(at, [pull]);
    expect(outcome.kind).toBe("Unavailable");
    expect(pullRequests).toMatchObject([{ kind: "Seen", mergeable: "unknown" }]);
  });

  it("of the primary limit is told with its time", async () => {
    await using at = await stage({ limits: { graphql: 1 } });
    const pull = await open(at);
    await trackAt(at, [pull]);
    const { outcome } = await trackAt(at, [pull]);
    const until = outcome.kind === "RateLimited" ? Date.parse(outcome.until) : 0;
    expect(until - Date.now()).toBeGreaterThan(3_000_000);
  });

  it("that hangs ends when the pod is asked to", async () => {
    await using at = await stage();
    const pull = await open(at);
    const hold = at.github.hold("before", ({ operation }) => operation === "graphql");
    const interrupt = new AbortController();
    const done = trackAt(at, [pull], { ports: { interrupt: interrupt.signal } });
    await hold.reached();
    interrupt.abort();
    expect(await done).toMatchObject({ outcome: { kind: "Unavailable" }, pullRequests: [{ kind: "Unseen" }] });
  });
});

it("without a credential nobody is asked", async () => {
  await using at = await stage({ repositories: acme.repositories });
  const pull = { changeset: "b-1", repository: "acme/api", number: 1, publishedSHA: "a".repeat(40) };
  expect(await trackAt(at, [pull], { token: "" })).toMatchObject({
    outcome: { kind: "Refused", reason: "CredentialMissing" },
    pullRequests: [{ changeset: "b-1", kind: "Unseen" }],
    requests: 0,
  });
});
