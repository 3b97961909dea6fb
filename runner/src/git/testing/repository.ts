import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensureExactBytes } from "../attributes.ts";
import { git } from "../process.ts";
import type { Worktree } from "../worktree.ts";

const identity = {
  GIT_AUTHOR_NAME: "Fixture",
  GIT_AUTHOR_EMAIL: "fixture@example.test",
  GIT_AUTHOR_DATE: "2026-01-02T03:04:05Z",
  GIT_COMMITTER_NAME: "Fixture",
  GIT_COMMITTER_EMAIL: "fixture@example.test",
  GIT_COMMITTER_DATE: "2026-01-02T03:04:05Z",
};

/** An ordinary git of an ordinary user, as far from our wrapper as can be. */
export function plainGit(directory: string, ...args: readonly string[]): string {
  const env = { PATH: process.env["PATH"], HOME: directory, GIT_CONFIG_NOSYSTEM: "1", ...identity };
  return execFileSync("git", ["-c", "protocol.file.allow=always", ...args], {
    cwd: directory,
    env,
    encoding: "utf8",
    stdio: "pipe",
  }).trim();
}

export function temporary(name = "codybatch-"): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), name));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Writes files by relative path; a Buffer key part is not possible here, see {@link writeBytes}. */
export function writeFiles(directory: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
}

/** Writes a file whose name is bytes, not text. */
export function writeBytes(directory: string, name: Uint8Array, content: string): void {
  writeFileSync(Buffer.concat([Buffer.from(`${directory}/`), name]), content);
}

/** A repository with one commit of what `fill` puts into its folder; returns the commit. */
export function makeRepository(directory: string, fill: (directory: string) => void): string {
  mkdirSync(directory, { recursive: true });
  plainGit(directory, "init", "--quiet", "--initial-branch=main");
  fill(directory);
  plainGit(directory, "add", "--all");
  plainGit(directory, "commit", "--quiet", "--allow-empty", "--message", "Base");
  return plainGit(directory, "rev-parse", "HEAD");
}

/** Lays a repository out as clone does: git directory and work tree apart, bytes exact, symlinks as plain files. */
export async function makeWorktree(root: string, origin: string): Promise<Worktree> {
  const worktree = { gitDir: join(root, "repo.git"), workTree: join(root, "workspace"), baseCommit: plainGit(origin, "rev-parse", "HEAD") };
  mkdirSync(worktree.workTree, { recursive: true });
  plainGit(root, "clone", "--quiet", "--bare", origin, worktree.gitDir);
  plainGit(root, `--git-dir=${worktree.gitDir}`, "config", "core.bare", "false");
  await ensureExactBytes(worktree.gitDir);
  await git(["read-tree", "--reset", "-u", worktree.baseCommit], { ...worktree });
  return worktree;
}
