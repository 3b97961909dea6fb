import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { makeRepository, makeWorktree, temporary, writeFiles } from "../../git/testing/repository.ts";
import type { Worktree } from "../../git/index.ts";
import { openWorkspace, type Workspace } from "../tools/workspace.ts";
import { ripgrepPath } from "./ripgrep.ts";

/** What lies outside of the work tree, and must never be told. */
export const canary = "canary-7f3a-must-never-be-seen";

/** A work tree in which somebody laid traps, and what lies around it. */
export interface CanaryTree extends AsyncDisposable {
  readonly root: string;
  readonly worktree: Worktree;
  readonly tree: string;
  readonly workspace: Workspace;
  /** A print of what lies outside of the work tree, and of what within it is git's own or no regular file. */
  readonly outside: () => readonly string[];
}

export async function makeCanaryTree(): Promise<CanaryTree> {
  const root = temporary();
  makeRepository(join(root.path, "origin"), (directory) => {
    writeFiles(directory, { "file.txt": "text\n", "sub/deep/file.txt": "text\n", ".gitignore": "dist/\n" });
    symlinkSync("../canary/secret.txt", join(directory, "planted"));
  });
  const worktree = await makeWorktree(root.path, join(root.path, "origin"));
  const tree = worktree.workTree;
  writeFiles(join(root.path, "canary"), { "secret.txt": `${canary}\n`, "sub/secret.txt": `${canary}\n` });
  writeFiles(`${tree}-beside`, { "secret.txt": `${canary}\n` });
  const closeSocket = await plantIn(tree, root.path);
  return {
    root: root.path,
    worktree,
    tree,
    workspace: await openWorkspace(worktree, { ripgrep: ripgrepPath(), tmpDir: root.path }),
    outside: () => outside(root.path, tree),
    [Symbol.asyncDispose]: async () => {
      await closeSocket();
      rmSync(`${tree}-beside`, { recursive: true });
      root[Symbol.dispose]();
    },
  };
}

/** As a process that came between the calls could lay them: links and special files that git would never have written. */
async function plantIn(tree: string, root: string): Promise<() => Promise<void>> {
  for (const [name, target] of Object.entries(planted(root))) symlinkSync(target, join(tree, name));
  mkdirSync(join(tree, ".git"));
  writeFileSync(join(tree, ".git/config"), `${canary}\n`);
  writeFileSync(join(tree, "sub/.GiT"), `${canary}\n`);
  const program = "mkfifo";
  execFileSync(program, [join(tree, "pipe"), join(tree, "sub/pipe")]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(tree, "socket"), resolve));
  return async () => await new Promise<void>((resolve) => server.close(() => resolve()));
}

function planted(root: string): Readonly<Record<string, string>> {
  const out = join(root, "canary");
  return {
    out,
    "out.txt": join(out, "secret.txt"),
    up: "..",
    "sub/up": "../..",
    "sub/here": ".",
    "sub/new": join(out, "made-through-a-link"),
    device: "/dev/zero",
    environ: "/proc/self/environ",
    loop: "loop",
  };
}

/** Kind, mode, content and time of all below a folder, told in a few letters. */
function printOf(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted()) {
    const stat = lstatSync(join(folder, name));
    hash.update(`${name}\0${stat.mode}\0${stat.ino}\0${stat.mtimeMs}\0`);
    if (stat.isSymbolicLink()) hash.update(readlinkSync(join(folder, name)));
    if (stat.isFile()) hash.update(readFileSync(join(folder, name)));
  }
  return hash.digest("hex");
}

function outside(root: string, tree: string): readonly string[] {
  const folders = [join(root, "canary"), `${tree}-beside`, join(root, "repo.git/refs"), join(root, "origin"), join(tree, ".git")];
  const specials = [...Object.keys(planted(root)), "pipe", "sub/pipe", "socket", "sub/.GiT"].map((name) => {
    const { ino, mode } = lstatSync(join(tree, name));
    return `${name} ${ino} ${mode}`;
  });
  return [...folders.map(printOf), ...specials];
}
