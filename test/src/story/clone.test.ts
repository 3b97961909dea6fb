import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startGitServer } from "../../../runner/src/clone/testing/git-server.ts";
import type { GitServer } from "../../../runner/src/clone/testing/git-server.ts";
import { git, questionOf, startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { Batch } from "./batch.ts";
import { endStory, tellFailure } from "./ending.ts";
import { changes, edits, reads, reports, scenario } from "./model.ts";
import { makeOddRepository } from "./odd-repository.ts";
import { expectApplies } from "./stored.ts";

const token = "ghs_story0123456789abcdef";
let local: LocalMode;
let host: GitServer;
beforeAll(async () => {
  local = await startLocalMode({
    secrets: { CODYBATCH_GITHUB_READ_TOKEN: token },
    limits: { repositoryPatterns: ["file://**", "http://127.0.0.1:*/**"], secretNames: ["anthropic", "github-*", "absent"] },
    scenarios: [
      scenario(
        "odd",
        { repository: "odd/all" },
        reads("dos.txt"),
        edits("dos.txt", "two", "2"),
        reads("hidden.txt"),
        edits("hidden.txt", "seen", "shown"),
        reads("wide.txt"),
        edits("wide.txt", "wide", "broad"),
        reports(true, "Three files"),
      ),
      scenario("any", {}, ...changes()),
    ],
  });
  host = await startGitServer({ root: repositories(), token, answer: (path, { headers }) => refusal(path, headers.authorization) });
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  await endStory(local);
});

const login = { status: 401, headers: { "www-authenticate": 'Basic realm="git"' } };

/** A host's answers by the repository's owner; `unseen` is there for others only, which GitHub does not admit. */
function refusal(path: string, authorization: string | undefined): typeof login | { readonly status: number } | undefined {
  if (path.startsWith("/forbidden/")) return { status: 403 };
  if (path.startsWith("/revoked/")) return login;
  if (path.startsWith("/unseen/")) return authorization === undefined ? login : { status: 404 };
  return undefined;
}

function repositories(): string {
  return join(local.dir, "repositories");
}

afterEach(({ task }) => tellFailure(local, task));

function batchOf(name: string): Batch {
  return new Batch(local, name);
}

function askedAbout(repository: string): number {
  return local.gates.claude.exchanges.filter((exchange) => questionOf(exchange)?.repository === repository).length;
}

describe.concurrent("a repository that cannot be cloned fails with its reason, the way out, and no cost", () => {
  beforeAll(async () => {
    const empty = join(repositories(), "local", "empty.git");
    mkdirSync(empty, { recursive: true });
    git(empty, ["init", "--quiet", "--bare", "--template="]);
    local.repository("local/api", { "a.txt": "a\n" });
    const urls = [
      pathToFileURL(join(repositories(), "local", "nowhere")).href,
      { url: pathToFileURL(join(repositories(), "local", "api.git")).href, branch: "release" },
      pathToFileURL(empty).href,
      `${host.url}/gone/api`,
      `${host.url}/forbidden/api`,
      `${host.url}/revoked/api`,
      `${host.url}/unseen/api`,
    ];
    await batchOf("lost").create(urls);
  });

  test.each([
    ["local/nowhere", "RepositoryNotFound", "is no git repository on this machine. Check its path."],
    ["local/api", "BranchNotFound", "release"],
    ["local/empty", "EmptyRepository", "no commit"],
    ["gone/api", "RepositoryNotFound", "Check its URL."],
    ["forbidden/api", "RepositoryForbidden", "may not be read"],
    ["revoked/api", "RepositoryForbidden", "does not accept the read token: it is wrong, expired or revoked. Renew it in the read Secret."],
    ["unseen/api", "RepositoryNotFound", "does not exist, or the read token may not see it. Check its URL."],
  ])("%s: %s", async (repository, reason, message) => {
    const { status, metadata } = await batchOf("lost").ends(repository, "Failed", reason);
    expect(status.message).toContain(message);
    expect(status.message).toContain(
      `Run it again: kubectl -n default patch cset ${metadata.name} --type merge -p '{"spec":{"attempt":1}}'`,
    );
    expect(status).toMatchObject({ chargedNanoUSD: 0, usage: { input: 0, output: 0, costUSD: "0.00" } });
    expect(status).not.toHaveProperty("patch");
    expect(askedAbout(repository)).toBe(0);
  });

  test("and the batch has failed as a whole", async () => {
    expect(await batchOf("lost").reaches("Failed")).toMatchObject({ progress: "7/7", counts: { failed: 7 }, usage: { costUSD: "0.00" } });
  });
});

test.concurrent("a public and a private repository are cloned over http, the private one with the token, which goes nowhere else", async () => {
  for (const name of ["open/api", "private/api"]) local.repository(name, { "a.txt": "a\n" });
  const batch = await batchOf("web").create([`${host.url}/open/api.git`, `${host.url}/private/api.git`]);
  for (const name of ["open/api", "private/api"]) {
    const ready = await batch.ends(name, "Ready");
    const { url } = ready.spec.repository;
    const stored = {
      ...ready,
      spec: { ...ready.spec, repository: { ...ready.spec.repository, url: url.replace(host.url, pathToFileURL(repositories()).href) } },
    };
    expect(await expectApplies(local, stored)).toContain("NEW.md");
  }
  expect((await batch.condition("PlainHTTP", "True")).message).toContain("without encryption");
  const sent = host.seen.filter(({ authorization }) => authorization !== undefined);
  expect(sent.length).toBeGreaterThan(0);
  expect(sent.filter(({ path }) => !/^\/(private|revoked|unseen)\//.test(path))).toEqual([]);
  expect(local.gates.claude.exchanges.filter(({ body }) => body.includes(token))).toEqual([]);
  expect(JSON.stringify([await batch.configMaps(), await batch.changesets()])).not.toContain(token);
});

test.concurrent("without the token a private repository names the Secret to make", async () => {
  local.repository("private/web", { "a.txt": "a\n" });
  const batch = await batchOf("bare").create([`${host.url}/private/web.git`], { credentials: { githubReadSecret: "absent" } });
  const { status } = await batch.ends("private/web", "Failed", "SecretMissing");
  expect(status.message).toContain("asks for a login: it is private or does not exist.");
  expect(status.message).toContain(
    "kubectl -n default create secret generic absent --from-file=token=<file> --dry-run=client -o yaml | kubectl apply -f -",
  );
});

test.concurrent("without the key for Claude the attempt names the Secret to make, before anything is asked", async () => {
  const url = local.repository("key/api", { "a.txt": "a\n" });
  const batch = await batchOf("keyless").create([url], { credentials: { anthropicSecret: "absent" } });
  const { status } = await batch.ends("key/api", "Failed", "SecretMissing");
  expect(status.message).toContain("The Secret with the Claude key is missing");
  expect(status.message).toContain(
    "kubectl -n default create secret generic absent --from-file=api-key=<file> --dry-run=client -o yaml | kubectl apply -f -",
  );
  expect(status.message).not.toContain("generic anthropic");
  expect(status).toMatchObject({ chargedNanoUSD: 0 });
  expect(askedAbout("key/api")).toBe(0);
});

test.concurrent("odd files go through the whole run: what was edited changes as asked, every other byte stays", async () => {
  const url = makeOddRepository(repositories(), "odd/all", [
    {
      path: ".gitattributes",
      bytes: "* text=auto eol=crlf\nhidden.txt -diff\nwide.txt working-tree-encoding=UTF-16\n*.c ident filter=evil\n*.csv text\n",
    },
    { path: "dos.txt", bytes: "one\r\ntwo\r\nthree\r\n" },
    { path: "hidden.txt", bytes: "seen\n" },
    { path: "wide.txt", bytes: "wide\n" },
    { path: "id.c", bytes: "$Id$\n" },
    { path: "table.csv", bytes: "a;b\r\nc;d\r\n" },
    { path: "mixed.txt", bytes: "a\r\nb\nc" },
    { path: "picture.png", bytes: Buffer.from([0x89, 0x50, 0, 1, 2, 0xff, 0x0a, 0x0d]) },
    { path: "caf\\351.txt", bytes: "latin\n" },
    { path: "nul.bin", bytes: "\0\0\r\n\0" },
    { path: "empty", bytes: "" },
    { path: "tool.sh", bytes: "#!/bin/sh\n", mode: "100755" },
    { path: "link", bytes: "dos.txt", mode: "120000" },
    { path: "out", bytes: "../../../etc/passwd", mode: "120000" },
  ]);
  const batch = await batchOf("odd").create([url]);
  const ready = await batch.ends("odd/all", "Ready");
  expect(ready.status.diffStat).toBe("+3 -3");
  await expectApplies(local, ready, {
    look: (clone) => {
      expect(git(clone, ["diff-index", "--cached", "--name-status", "HEAD"])).toBe("M\tdos.txt\nM\thidden.txt\nM\twide.txt");
      const blob = (path: string): string => git(clone, ["cat-file", "blob", `:${path}`]);
      expect(["dos.txt", "hidden.txt", "wide.txt"].map(blob)).toEqual(["one\r\n2\r\nthree", "shown", "broad"]);
    },
  });
});
