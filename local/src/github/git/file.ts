import type { Bare } from "./bare.ts";
import { git, run } from "./command.ts";

/** One entry of a tree. */
export interface Entry {
  readonly path: string;
  readonly sha: string;
  readonly mode: string;
  readonly type: string;
  readonly bytes: number;
}

/** The entry at a path, or the entries of the folder there; undefined when there is nothing. */
export async function lookAt(bare: Bare, commit: string, path: string): Promise<Entry | readonly Entry[] | undefined> {
  if (path === "") return entries(bare, commit, []);
  const [entry] = await entries(bare, commit, [path]);
  if (entry === undefined) return undefined;
  return entry.type === "tree" ? entries(bare, commit, [`${path}/`]) : entry;
}

/** Every file of a commit. */
export async function allFiles(bare: Bare, commit: string): Promise<readonly Entry[]> {
  return parsed(await git(bare.dir, ["ls-tree", "-r", "-l", "-z", commit]));
}

async function entries(bare: Bare, commit: string, paths: readonly string[]): Promise<readonly Entry[]> {
  return parsed(await git(bare.dir, ["--literal-pathspecs", "ls-tree", "-l", "-z", commit, "--", ...paths]));
}

function parsed(text: string): readonly Entry[] {
  return [...text.matchAll(/(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t([^\0]+)\0?/g)].map(
    ([, mode = "", type = "", sha = "", bytes = "", path = ""]) => ({
      mode,
      type,
      sha,
      path,
      bytes: Number(bytes) || 0,
    }),
  );
}

export async function blob(bare: Bare, sha: string): Promise<Buffer> {
  return (await run(bare.dir, ["cat-file", "blob", sha])).stdout;
}
