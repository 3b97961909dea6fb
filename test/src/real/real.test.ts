import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { git, startLocalMode, type LocalMode } from "../local-mode/index.ts";
import { Batch } from "../story/batch.ts";
import { changesReadme } from "./scenario.ts";
import { served, totalOf } from "../story/served.ts";
import { patchOf, transcriptOf } from "../story/stored.ts";
import { countFiles, makeRepository, realSources, type RealSource } from "./sources.ts";

let folder = "";
let local: LocalMode;
const started = Date.now();
/** Seconds; a busy machine clones 100,000 files for a minute. */
const patience = 300;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "codybatch-real-"));
  local = await startLocalMode({
    scenarios: [...realSources, { name: "huge/files", heading: "# Huge" }].map(({ name, heading }) => changesReadme(name, heading)),
  });
});
afterAll(async () => {
  await local.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A repository of the published source below `place/owner/name`. */
async function repositoryOf({ name, unpack }: RealSource, place: string): Promise<{ readonly root: string; readonly commit: string }> {
  const download = join(folder, place, "download", name);
  mkdirSync(download, { recursive: true });
  const root = join(folder, place, name);
  mkdirSync(join(root, ".."), { recursive: true });
  renameSync(await unpack(download), root);
  return { root, commit: await makeRepository(root) };
}

test("real published sources go through the whole main job, and each patch applies to a fresh unpack and gives the recorded tree", async () => {
  const repositories = await Promise.all(realSources.map((source) => repositoryOf(source, "served")));
  const counts = await Promise.all(repositories.map(({ root }) => countFiles(root)));
  expect(counts[0]).toBe(10_877);

  const names = realSources.map(({ name }) => name);
  const began = Date.now();
  const batch = await new Batch(local, "real", patience).create(
    repositories.map(({ root }) => pathToFileURL(root).href),
    { prompt: "Say in the README who maintains this.", agent: { model: "claude-opus-5-5" } },
  );
  const status = await batch.until("is over", ({ phase }) => phase === "Succeeded" || phase === "PartiallySucceeded" || phase === "Failed");
  report(`three repositories, ${counts.join(" + ")} files`, Date.now() - began);
  expect(status).toMatchObject({ phase: "Succeeded", progress: "3/3" });
  expect(status.usage).toEqual(totalOf(served(local, names)).shown);

  for (const changeset of await batch.changesets()) {
    const { name } = changeset.spec.repository;
    const source = realSources.find((one) => one.name === name)!;
    const fresh = await repositoryOf(source, "fresh");
    const { patch, result, diffStat } = changeset.status!;
    expect({ name, commit: fresh.commit, filesChanged: result?.filesChanged }).toEqual({
      name,
      commit: patch!.baseCommit,
      filesChanged: 2,
    });
    const bytes = await patchOf(local, changeset);
    git(fresh.root, ["apply", "--index", "-"], bytes);
    expect(git(fresh.root, ["write-tree"])).toBe(patch!.tree);
    const events = await transcriptOf(local, changeset);
    expect(events.at(-1)).toMatchObject({ kind: "ended", reason: "Reported" });
    report(`${name}: patch ${bytes.length} bytes ${diffStat ?? ""}, ${events.length} events`, 0);
  }
});

test("a repository of 100,000 files is handled inside its limits", async () => {
  const url = hugeRepository("huge/files", 100_000);
  const began = Date.now();
  const batch = await new Batch(local, "huge", patience).create([url], {
    prompt: "Say in the README who maintains this.",
    agent: { model: "claude-opus-5-5" },
  });
  const changeset = await batch.changeset("huge/files", "is over", ({ status }) => ["Ready", "Failed"].includes(status?.phase ?? ""));
  report("100,000 files", Date.now() - began);
  expect(changeset.status).toMatchObject({ phase: "Ready", result: { filesChanged: 2 } });
});

/** Made by fast-import, since writing 100,000 files first would be most of the test. */
function hugeRepository(name: string, files: number): string {
  const root = join(folder, "served", name);
  mkdirSync(root, { recursive: true });
  git(root, ["init", "--quiet", "--bare", "--initial-branch=main"]);
  const blob = (mark: number, text: string): string => `blob\nmark :${mark}\ndata ${text.length}\n${text}\n`;
  const paths = Array.from({ length: files - 1 }, (_, index) => `M 100644 :1 src/${index % 100}/${Math.floor(index / 100)}.txt`);
  const identity = "Source <source@localhost> 1767225600 +0000";
  const commit = `commit refs/heads/main\nauthor ${identity}\ncommitter ${identity}\ndata 6\nImport\n${["M 100644 :2 README.md", ...paths].join("\n")}\n`;
  execFileSync("git", ["fast-import", "--quiet"], { cwd: root, input: blob(1, "text\n") + blob(2, "# Huge\n") + commit });
  return pathToFileURL(root).href;
}

/** Figures go to the log of the run; docs/benchmarks.md has them with the machine named. */
function report(what: string, milliseconds: number): void {
  process.stdout.write(
    `real: ${what}${milliseconds === 0 ? "" : `: ${(milliseconds / 1000).toFixed(1)} s`} (${Math.round((Date.now() - started) / 1000)} s since start)\n`,
  );
}
