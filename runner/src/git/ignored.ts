import { git } from "./process.ts";
import type { Worktree } from "./worktree.ts";

/** True when a file at this path would not be part of the patch: ignored and not tracked, inside a submodule, or inside a `.git`. */
export async function isIgnored(worktree: Worktree, path: string): Promise<boolean> {
  const parts = path.split("/");
  if (parts.some((part) => part.toLowerCase() === ".git")) return true;
  const above = await baseEntries(worktree, parts);
  if (above.some(({ mode }) => mode === "160000")) return true;
  if (above.some((entry) => entry.path === path)) return false;
  // --no-index: with an index git takes the path as a glob. `./` keeps `:(top)` from being more than a name.
  const asked = { ...worktree, input: `./${path}\0`, exitCodes: [0, 1] };
  const { exitCode } = await git(["check-ignore", "--quiet", "--no-index", "--stdin", "-z"], asked);
  return exitCode === 0;
}

interface BaseEntry {
  readonly mode: string;
  readonly path: string;
}

/** What the base commit has at this path and at each folder above it; by exact paths, so that large folders cost nothing. */
async function baseEntries(worktree: Worktree, parts: readonly string[]): Promise<BaseEntry[]> {
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  const { stdout } = await git(["ls-tree", "-z", worktree.baseCommit, "--", ...paths], { ...worktree });
  return stdout
    .toString("utf8")
    .split("\0")
    .map((entry) => ({ mode: entry.slice(0, 6), path: entry.slice(entry.indexOf("\t") + 1) }));
}
