import { DiscoverResult } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { acme, type Stage, stage } from "../../../local/src/github/testing/stage.ts";
import { looking, type LookingOptions } from "../github/testing/looking.ts";
import { runDiscover } from "./index.ts";

const service = (name: string, more: object = {}) => ({
  name,
  topics: ["service"],
  files: { "README.md": "x\n" },
  ...more,
});
const others = [
  service("acme/Web", { files: { "package.json": "{}\n", "app/.nvmrc": "20\n", "lib/.nvmrc": "20\n" } }),
  service("acme/old", { archived: true }),
  service("acme/copy", { fork: true }),
  service("acme/legacy-x"),
  service("acme/left-alone", { files: { ".codybatchignore": "", "README.md": "x\n" } }),
  service("acme/bare", { files: {} }),
  service("bob/tool"),
];
const world = { repositories: [...acme.repositories, ...others] };
const selector = { search: "topic:service", codeSearch: "filename:.nvmrc", exclude: ["acme/LEGACY-*"], forks: true, limit: 10 };

function input(at: Stage, more: object = {}): object {
  return {
    version: 1,
    task: "discover",
    namespace: "team-a",
    batchChange: { name: "b", uid: "uid-b" },
    githubURL: at.github.url,
    selector,
    repositoryPatterns: [`${at.github.url}/acme/*`],
    maxRepositories: 10,
    storage: { type: "ConfigMap", maxBytes: 1_000_000 },
    ...more,
  };
}

interface Discovered {
  readonly result: DiscoverResult;
  readonly log: string;
}

async function discoverAt(at: Stage, more: object = {}, options: LookingOptions = {}): Promise<Discovered> {
  const { result, log } = await looking(at, runDiscover, input(at, more), options);
  return { result: DiscoverResult.parse(result), log };
}

/** Only ever the read token, only ever reading, and never before a limit's time. */
function expectGentle(at: Stage): void {
  for (const request of at.github.requests) expect(request).toMatchObject({ token: "read", writes: false, early: false });
}

it("both searches together are one list with what was left out and why", async () => {
  await using at = await stage(world);
  const { result } = await discoverAt(at);
  const why = (search: boolean, code?: object): object => ({ search, ...(code === undefined ? {} : { code }) });
  const url = (name: string): string => `${at.github.url}/${name}`;
  expect(result.outcome).toEqual({
    kind: "Discovered",
    message: "3 repositories of 8 found are taken. Left out: Excluded 1, NotAllowed 1, Archived 1, OptedOut 1, Empty 1.",
    repositories: [
      { url: url("acme/api"), name: "acme/api", defaultBranch: "main", why: why(true, { path: ".nvmrc", files: 1 }), push: "yes" },
      { url: url("acme/copy"), name: "acme/copy", defaultBranch: "main", why: why(true), push: "unknown" },
      { url: url("acme/web"), name: "acme/Web", defaultBranch: "main", why: why(true, { path: "app/.nvmrc", files: 2 }), push: "unknown" },
    ],
  });
  expect(result.discovery).toEqual({
    found: 8,
    skipped: [
      { name: "acme/bare", reason: "Empty" },
      { name: "acme/left-alone", reason: "OptedOut" },
      { name: "acme/legacy-x", reason: "Excluded" },
      { name: "acme/old", reason: "Archived" },
      { name: "bob/tool", reason: "NotAllowed" },
    ],
    skippedCounts: { Archived: 1, Empty: 1, Excluded: 1, NotAllowed: 1, OptedOut: 1 },
    search: { matched: 8, read: 8, truncated: false, incomplete: false },
    codeSearch: { matched: 3, read: 3, truncated: false, incomplete: false },
  });
  expect(result.requests).toBe(3);
  expect(at.github.requests.map(({ operation }) => operation)).toEqual(["search/repos", "search/code", "graphql"]);
  expectGentle(at);
});

it("archived ones and forks are taken when asked for, and forks are not even searched otherwise", async () => {
  await using at = await stage(world);
  const all = await discoverAt(at, { selector: { ...selector, archived: true } });
  expect(all.result.outcome).toMatchObject({
    repositories: [{ name: "acme/api" }, { name: "acme/copy" }, { name: "acme/old" }, { name: "acme/Web" }],
  });
  const { result } = await discoverAt(at, { selector: { ...selector, forks: false } });
  expect(result.outcome).toMatchObject({ repositories: [{ name: "acme/api" }, { name: "acme/Web" }] });
  expect(result.discovery?.found).toBe(7);
});

it("the limit takes the first by name, past those that are left out", async () => {
  await using at = await stage(world);
  const { result } = await discoverAt(at, { selector: { ...selector, limit: 2 } });
  expect(result.outcome).toMatchObject({ kind: "Discovered", repositories: [{ name: "acme/api" }, { name: "acme/copy" }] });
  expect(result.discovery?.skipped).toContainEqual({ name: "acme/Web", reason: "BeyondLimit" });
});

it("what the read credential may see is found, and what vanished meanwhile is left out", async () => {
  await using at = await stage(world);
  const hold = at.github.hold("before", ({ operation }) => operation === "graphql");
  const done = discoverAt(at, { selector: { search: "org:acme is:private" } });
  await hold.reached();
  at.github.hands.repository("acme/vault").name = "moved";
  hold.release();
  const { result } = await done;
  expect(result.discovery).toMatchObject({ found: 1, skipped: [{ name: "acme/vault", reason: "NotReadable" }] });
  expect(result.outcome).toMatchObject({ kind: "Refused", reason: "NothingFound" });
});

it("a repository in which the opt-out file may not be looked for is left out", async () => {
  const narrow = { name: "read", token: "ghp_narrow00", user: "cody", permissions: { pull_requests: "read" } } as const;
  await using at = await stage({ ...world, tokens: [narrow] });
  const { result } = await discoverAt(at, { selector: { search: "org:acme is:private" } });
  expect(result.discovery?.skipped).toEqual([{ name: "acme/vault", reason: "NotReadable" }]);
});

it("more than a page is read to its end within the limits, waiting where they say so", async () => {
  const many = Array.from({ length: 130 }, (_, index) => service(`acme/s${String(index).padStart(3, "0")}`));
  await using at = await stage({ repositories: [...acme.repositories, ...many] });
  const { result } = await discoverAt(at, { selector: { search: "topic:service", limit: 120 }, maxRepositories: 200 });
  expect(result.outcome.kind === "Discovered" && result.outcome.repositories).toHaveLength(120);
  expect(at.github.requests.map(({ operation }) => operation)).toEqual(["search/repos", "search/repos", "graphql", "graphql", "graphql"]);
  expect(result.discovery).toMatchObject({ found: 131, skippedCounts: { BeyondLimit: 11 } });
  expectGentle(at);
});

it.each([
  ["what GitHub does not take", { search: "org:acme nonsense:yes" }, "GitHub refuses spec.repositorySelector.search: Validation Failed"],
  ["a code search for nothing", { codeSearch: "org:acme" }, "GitHub refuses spec.repositorySelector.codeSearch: Validation Failed"],
  ["too long a search", { search: "x".repeat(300) }, "GitHub refuses spec.repositorySelector.search: Validation Failed"],
])("%s is refused in GitHub's words, with what to do", async (_what, asked, words) => {
  await using at = await stage(world);
  const { result } = await discoverAt(at, { selector: asked });
  expect(result.outcome).toMatchObject({ kind: "Refused", reason: "SearchRefused", message: expect.stringContaining(words) as string });
  expect(result.outcome).toMatchObject({ message: expect.stringContaining("Make a new BatchChange") as string });
});

it("nothing found says so", async () => {
  await using at = await stage(world);
  const { result } = await discoverAt(at, { selector: { search: "topic:nothing" } });
  expect(result.outcome).toEqual({
    kind: "Refused",
    reason: "NothingFound",
    message: "The search found no repository. Check its words, and what the read credential may see.",
  });
});

describe.each(["search/repos", "search/code", "graphql"] as const)("%s", (operation) => {
  it.each([
    [{ status: 500 }, 4],
    [{ reset: true as const }, 4],
    [{ status: 429, retryAfterSeconds: 1 }, 4],
    [{ status: 403, retryAfterSeconds: 1, message: "You have exceeded a secondary rate limit" }, 4],
  ])("%j is passed over", async (fault, requests) => {
    await using at = await stage(world);
    at.github.fail({ operation, ...fault });
    const { result } = await discoverAt(at);
    expect(result.outcome.kind).toBe("Discovered");
    expect(result.requests).toBe(requests);
    expectGentle(at);
  });

  it.each([
    [{ status: 503 }, "Unavailable", "answers 503"],
    [{ reset: true as const }, "Unavailable", "does not answer"],
    [{ status: 404 }, "Unavailable", "as GitHub's API does not"],
    [{ status: 401 }, "Refused", "does not accept the read credential"],
    [
      { status: 403, message: "Resource not accessible by personal access token" },
      "Refused",
      "refuses the read credential: Resource not accessible",
    ],
  ])("%j that stays ends it by name", async (fault, kind, words) => {
    await using at = await stage(world);
    at.github.fail({ operation, times: "always", ...fault });
    const { result } = await discoverAt(at);
    expect(result).toMatchObject({ outcome: { kind, message: expect.stringContaining(words) as string } });
    expect(result.discovery).toBeUndefined();
    expectGentle(at);
  });

  it("a long limit ends it with the time", async () => {
    await using at = await stage(world);
    const now = Date.now();
    at.github.fail({ operation, times: "always", status: 429, retryAfterSeconds: 900 });
    const { result } = await discoverAt(at, {}, { ports: { now: () => now } });
    expect(result.outcome).toMatchObject({ kind: "RateLimited", until: new Date(now + 900_000).toISOString() });
    expect(at.github.requests.filter((request) => request.operation === operation)).toHaveLength(1);
  });

  it("no answer ends with the time that the Job has", async () => {
    await using at = await stage(world);
    at.github.fail({ operation, hang: true });
    const { result } = await discoverAt(at, {}, { config: { timeoutSeconds: 2 } });
    expect(result.outcome).toEqual({
      kind: "Unavailable",
      message: "The look at GitHub was interrupted, or did not end within 2 s. It is made anew at the next run.",
    });
  });
});

it("a used up limit of search is no limit of anything else, and is told with its time", async () => {
  await using at = await stage({ ...world, limits: { codeSearch: 1 } });
  await discoverAt(at);
  const { result } = await discoverAt(at);
  expect(result.outcome).toMatchObject({ kind: "RateLimited" });
  const until = result.outcome.kind === "RateLimited" ? Date.parse(result.outcome.until) : 0;
  expect(until - Date.now()).toBeGreaterThan(30_000);
  expect(until - Date.now()).toBeLessThan(62_000);
});

it("the limit of GraphQL, which comes in an answer that is otherwise good, is told with its time", async () => {
  await using at = await stage({ ...world, limits: { graphql: 1 } });
  await discoverAt(at);
  const { result } = await discoverAt(at);
  expect(result.outcome).toMatchObject({ kind: "RateLimited", message: expect.stringContaining("API rate limit exceeded") as string });
  const until = result.outcome.kind === "RateLimited" ? Date.parse(result.outcome.until) : 0;
  expect(until - Date.now()).toBeGreaterThan(3_000_000);
});

it("without a credential nobody is asked", async () => {
  await using at = await stage(world);
  const { result } = await discoverAt(at, {}, { token: "" });
  expect(result).toMatchObject({ outcome: { kind: "Refused", reason: "CredentialMissing" }, requests: 0 });
  expect(at.github.requests).toEqual([]);
});

it("a credential that was revoked is refused, and stands in no log and no result", async () => {
  await using at = await stage(world);
  const { result, log } = await discoverAt(at, {}, { token: "ghp_somethingthatwasrevoked" });
  expect(result.outcome).toMatchObject({ kind: "Refused", reason: "CredentialRejected" });
  expect(`${log}${JSON.stringify(result)}`).not.toContain("somethingthatwasrevoked");
});
