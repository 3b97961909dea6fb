import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { join } from "node:path";
import { makePatch, Patcher } from "../../../../runner/src/git/index.ts";
import type { Worktree } from "../../../../runner/src/git/index.ts";
import { makeRepository, makeWorktree } from "../../../../runner/src/git/testing/repository.ts";
import { milliseconds } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { inFolder } from "../program.ts";
import { median } from "../statistics.ts";

const filesPerFolder = 50;
const changed = 5;

/**
 * How long the patch of a small change takes anew in a tree of so many files, from the touched files and from the whole tree, against plain
 * `git diff` of the same tree; taken in turns.
 */
export function measureRefresh(files: number, rounds: number): Promise<Figure> {
  return inFolder(async (dir) => {
    const origin = join(dir, "origin");
    makeRepository(origin, (folder) => fill(folder, files));
    mkdirSync(join(dir, "tmp"));
    const worktree = await makeWorktree(dir, origin);
    const tmpDir = join(dir, "tmp");
    const touched = new Set<string>();
    using patcher = new Patcher({ worktree, tmpDir, touched });
    await patcher.refresh();
    const [quick, whole, plain]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < rounds; round += 1) {
      for (const path of change(worktree, files, round)) touched.add(path);
      plain.push(await timed(() => plainDiff(worktree)));
      quick.push(await timed(async () => (await patcher.refresh()).patch));
      whole.push(await timed(async () => (await makePatch(worktree, tmpDir)).patch));
    }
    const against = (ours: readonly number[]): string => `${(median(ours) / median(plain)).toFixed(2)} ×`;
    return {
      what: `patch refresh with ${changed} of ${files.toLocaleString("en")} files changed; plain \`git diff\`; ratio (goal 1.5); the whole tree's patch, as at a report; ratio`,
      value: `${milliseconds(median(quick))}; ${milliseconds(median(plain))}; ${against(quick)}; ${milliseconds(median(whole))}; ${against(whole)}`,
    };
  });
}

function pathOf(index: number): string {
  return join(`folder-${Math.floor(index / filesPerFolder)}`, `file-${index % filesPerFolder}.txt`);
}

function fill(folder: string, files: number): void {
  for (let index = 0; index < files; index += 1) {
    if (index % filesPerFolder === 0) mkdirSync(join(folder, `folder-${index / filesPerFolder}`));
    writeFileSync(join(folder, pathOf(index)), `line ${index}\n`.repeat(20));
  }
}

/** Always the same files, as an agent goes on with what it has begun; their paths. */
function change({ workTree }: Worktree, files: number, round: number): readonly string[] {
  const paths = Array.from({ length: changed }, (_, nth) => pathOf(Math.floor((nth * files) / changed)));
  for (const path of paths) {
    const at = join(workTree, path);
    writeFileSync(at, `${readFileSync(at, "utf8")}round ${round}\n`);
  }
  return paths;
}

async function timed(work: () => Promise<Uint8Array>): Promise<number> {
  const startedAt = performance.now();
  const diff = await work();
  const elapsed = performance.now() - startedAt;
  if (Buffer.from(diff).toString().split("diff --git").length - 1 !== changed) throw new Error("the diff has not all files");
  return elapsed;
}

async function plainDiff({ gitDir, workTree }: Worktree): Promise<Uint8Array> {
  const args = [`--git-dir=${gitDir}`, `--work-tree=${workTree}`, "--no-pager", "diff"];
  const env = { PATH: process.env["PATH"], HOME: gitDir, GIT_CONFIG_NOSYSTEM: "1" };
  const child = spawn("git", args, { cwd: workTree, env, stdio: ["ignore", "pipe", "ignore"] });
  const [diff] = await Promise.all([buffer(child.stdout), once(child, "close")]);
  return diff;
}
