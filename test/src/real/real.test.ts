import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startGitServer } from "../../../runner/src/clone/testing/git-server.ts";
import type { GitServer } from "../../../runner/src/clone/testing/git-server.ts";
import { git, startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { Batch } from "../story/batch.ts";
import { endStory, tellFailure } from "../story/ending.ts";
import { hugeHeading, makeHugeRepository } from "./huge.ts";
import { expectAccounts, expectAppliesTo, tell, untilReady } from "./outcome.ts";
import { changed, namesMaintainers } from "./scenario.ts";
import { countFiles, makeRepository, realSources } from "./sources.ts";
import type { RealSource } from "./sources.ts";

/** The price that the accounts are checked against. */
const spec = { prompt: "Say in the README who maintains this.", agent: { model: "claude-opus-5-5" } };
const files = 100_000;
const [wazero] = realSources;

let folder: string;
let local: LocalMode;
let host: GitServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "codybatch-real-"));
  host = await startGitServer({ root: folder });
  for (const source of realSources) await repositoryOf(source, "served");
  const scenarios = realSources.map(({ name, heading }) => namesMaintainers(name, heading));
  local = await startLocalMode({
    scenarios: [...scenarios, namesMaintainers("over-http/wazero", wazero!.heading), namesMaintainers("huge/files", hugeHeading)],
    limits: { repositoryPatterns: ["file://**", "http://127.0.0.1:*/**"] },
  });
});
afterAll(async () => {
  await endStory(local);
  await host[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(({ task }) => tellFailure(local, task));

/** A git repository of the published source, unpacked anew; the same files are the same commit. */
async function repositoryOf({ name, unpack }: RealSource, place: string): Promise<string> {
  const unpacking = join(folder, place, "unpacking", name);
  mkdirSync(unpacking, { recursive: true });
  const root = join(folder, place, name);
  mkdirSync(dirname(root), { recursive: true });
  renameSync(await unpack(unpacking), root);
  await makeRepository(root);
  return root;
}

test("published sources go through the whole main job, and each patch turns a fresh unpack into the recorded tree", async () => {
  const urls = realSources.map(({ name }) => pathToFileURL(join(folder, "served", name)).href);
  await new Batch(local, "published").create(urls, spec);
  const counts: number[] = [];
  for (const source of realSources) {
    const changeset = await untilReady(local, "published", source.name);
    const fresh = await repositoryOf(source, "fresh");
    const count = await countFiles(fresh);
    await expectAppliesTo(fresh, local, changeset, changed);
    await tell(local, changeset, await expectAccounts(local, changeset), count);
    counts.push(count);
  }
  expect(counts).toEqual([10_877, 1054, 235]);
});

test("the largest source also comes over HTTP and gives the same tree", async () => {
  const path = join("over-http", "wazero.git");
  git(folder, ["clone", "--quiet", "--bare", "--template=", join(folder, "served", wazero!.name), path]);
  await new Batch(local, "over-http").create([`${host.url}/${path}`], spec);
  const changeset = await untilReady(local, "over-http", "over-http/wazero");
  const fresh = await repositoryOf(wazero!, "fresh-over-http");
  const count = await countFiles(fresh);
  expect(host.seen.map((one) => one.path)).toContain(`/${path}/git-upload-pack`);
  await expectAppliesTo(fresh, local, changeset, changed);
  await tell(local, changeset, await expectAccounts(local, changeset), count);
});

test("100,000 files are handled; what is in CRLF stays so, and the binary file is as it was", async () => {
  const path = join(folder, "served", "huge", "files");
  makeHugeRepository(path, files);
  const batch = new Batch(local, "huge");
  await batch.create([pathToFileURL(path).href], spec);
  const changeset = await untilReady(local, "huge", "huge/files");
  const fresh = join(folder, "fresh", "huge");
  git(folder, ["clone", "--quiet", "--no-local", "--template=", pathToFileURL(path).href, fresh]);
  await expectAppliesTo(fresh, local, changeset, changed);
  const readme = git(fresh, ["cat-file", "blob", ":README.md"]);
  expect(readme).toBe(`${hugeHeading}\r\n\r\nMaintained by the people in MAINTAINERS.md.\r\n\r\nOne line.`);
  await tell(local, changeset, await expectAccounts(local, changeset), files);
});
