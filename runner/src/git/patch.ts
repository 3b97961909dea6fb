import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { withBaseIndex } from "./index-file.ts";
import type { GitOptions } from "./process.ts";
import { git } from "./process.ts";
import type { DiffStat } from "./stat.ts";
import { parseShown } from "./stat.ts";
import type { Worktree } from "./worktree.ts";

export interface Patch extends DiffStat {
  /** Empty when nothing differs. */
  readonly patch: Buffer;
  /** Tree that the base commit plus the patch gives. */
  readonly tree: string;
}

// --text shows every file, binary or hidden by `-diff`, line by line: such patches apply byte for byte (tested), so nothing is hidden
// from a reviewer. Everything that a setting could change is said here, since an approval is for these bytes.
export const patchFlags = [
  "--patch",
  "--text",
  "--full-index",
  "--find-renames=50%",
  "-l1000",
  "--unified=3",
  "--inter-hunk-context=0",
  "--diff-algorithm=myers",
  "--indent-heuristic",
  "--no-color",
  "--no-ext-diff",
  "--no-textconv",
  "--submodule=short",
  "--src-prefix=a/",
  "--dst-prefix=b/",
];

/** Largest patch that is made at all, in bytes; what may be stored is far less. */
export const maxPatchBytes = 64 * 1024 * 1024;

/** The whole change against the base commit: tracked files, and untracked ones that are not ignored. Leaves index and work tree alone. */
export async function makePatch(worktree: Worktree, tmpDir: string): Promise<Patch> {
  return await withBaseIndex(worktree, tmpDir, async (indexFile) => {
    const options = { ...worktree, indexFile, home: tmpDir };
    await git(["add", "--all", "."], options);
    // Both only read what add has written, so they go side by side.
    const [tree, shown] = await Promise.all([
      git(["write-tree"], options),
      git(staged(worktree.baseCommit), { ...options, maxBytes: maxPatchBytes }),
    ]);
    return { tree: line(tree.stdout), ...parseShown(shown.stdout) };
  });
}

/** One command tells the numbers and, behind an empty line, the patch. */
function staged(base: string): readonly string[] {
  return ["diff-index", "--cached", "--numstat", ...patchFlags, base];
}

/** Applies a stored patch to a work tree that equals the base commit. Throws {@link GitError} and changes nothing when it does not fit. */
export async function applyPatch(worktree: Worktree, patch: Uint8Array, tmpDir: string = worktree.gitDir): Promise<void> {
  if (patch.length === 0) return;
  await withBaseIndex(worktree, tmpDir, async (indexFile) => {
    // With an index git knows which plain files stand for symbolic links.
    await git(["apply", "--index", "--whitespace=nowarn", "-"], { ...worktree, indexFile, home: tmpDir, input: patch });
  });
}

/** Tree that the base commit and a patch give on an index of its own, without a work tree; undefined when the patch does not apply. */
export async function treeOfPatch({ gitDir, baseCommit }: Worktree, patch: Uint8Array, tmpDir: string): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpDir, "apply-"));
  try {
    const options = { gitDir, cwd: folder, indexFile: join(folder, "index"), home: tmpDir };
    await git(["read-tree", baseCommit], options);
    if (patch.length > 0 && !(await applies(patch, options))) return undefined;
    return line((await git(["write-tree"], options)).stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function applies(patch: Uint8Array, options: GitOptions): Promise<boolean> {
  const asked = { ...options, input: patch, exitCodes: [0, 1, 128] };
  return (await git(["apply", "--cached", "--whitespace=nowarn", "-"], asked)).exitCode === 0;
}

function line(output: Buffer): string {
  return output.toString("utf8").trim();
}
