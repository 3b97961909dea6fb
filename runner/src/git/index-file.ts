import { copyFile, mkdtemp, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { ensureExactBytes } from "./attributes.ts";
import { errorCode } from "../out/index.ts";
import { git } from "./process.ts";
import type { Worktree } from "./worktree.ts";

/** Runs `use` with a private copy of the index that holds exactly the base commit, and removes it after. */
export async function withBaseIndex<T>(worktree: Worktree, tmpDir: string, use: (indexFile: string) => Promise<T>): Promise<T> {
  await ensureExactBytes(worktree.gitDir);
  const folder = await mkdtemp(join(tmpDir, "index-"));
  const indexFile = join(folder, "index");
  try {
    await copyIndex(join(worktree.gitDir, "index"), indexFile);
    // -m keeps the stat data of what is unchanged, so that only changed files are hashed again.
    await git(["read-tree", "-m", worktree.baseCommit], { ...worktree, indexFile, home: tmpDir });
    return await use(indexFile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyIndex(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to);
  } catch (error) {
    // git starts from an empty index then: right, only slower.
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  // git trusts the stat data of files older than the index; a copy must not look younger than the original.
  const { mtimeMs } = await stat(from);
  const second = Math.floor(mtimeMs / 1000);
  await utimes(to, second, second);
}
