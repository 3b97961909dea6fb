import { git, type Worktree } from "../../git/index.ts";
import type { Change } from "./entries.ts";
import { parseBinaries, parseRaw } from "./raw-diff.ts";

/** What a tree changes against the base, in the form that the gate judges. */
export async function rawChange(worktree: Worktree, tree: string): Promise<Change> {
  const between = ["diff-tree", "-r", "--no-commit-id", "--no-renames", "--no-ext-diff", "--no-textconv", "-z"];
  const [raw, numstat] = await Promise.all([
    git([...between, "--raw", "--no-abbrev", worktree.baseCommit, tree], { ...worktree }),
    git([...between, "--numstat", worktree.baseCommit, tree], { ...worktree }),
  ]);
  return { changes: parseRaw(raw.stdout.toString("utf8")), binaries: parseBinaries(numstat.stdout.toString("utf8")) };
}
