import { randomUUID } from "node:crypto";
import { copyFile, mkdtemp, rename, rm, stat, utimes } from "node:fs/promises";
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
    await copyIndex(await baseIndex(worktree, folder), indexFile);
    return await use(indexFile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An index of exactly the base commit, made once for a git directory. `folder` is for its making. */
async function baseIndex(worktree: Worktree, folder: string): Promise<string> {
  const { gitDir, baseCommit } = worktree;
  const path = join(gitDir, `base-${baseCommit}.index`);
  if (await isThere(path)) return path;
  const indexFile = join(folder, "base");
  await copyIndex(join(gitDir, "index"), indexFile);
  // -m keeps the stat data of what is unchanged, so that only changed files are hashed again.
  await git(["read-tree", "-m", baseCommit], { ...worktree, indexFile, home: folder });
  // The two folders may be different volumes; a rename within one is all or nothing.
  const made = join(gitDir, `${randomUUID()}.index`);
  await copyIndex(indexFile, made);
  await rename(made, path);
  return path;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => {
      if (errorCode(error) === "ENOENT") return false;
      throw error;
    },
  );
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
