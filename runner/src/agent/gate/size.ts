import { git, type Patch, type Worktree } from "../../git/index.ts";
import { type Finding, quotePath } from "./finding.ts";
import type { RawChange } from "./raw-diff.ts";

/** GitHub's API lists at most so many files of a pull request. */
export const mostFiles = 3000;
/** Five times what GitHub shows of one diff: beyond that nobody reads it. */
export const mostAddedLines = 100_000;
/** Bytes by which one file may grow; GitHub shows larger text files only raw. */
export const mostFileBytes = 5 * 1024 * 1024;
/** Bytes of a patch, removed lines included. */
export const mostPatchBytes = 32 * 1024 * 1024;

/** What is too large as a whole. */
export function sizeFindings({ patch, filesChanged, additions }: Patch): readonly Finding[] {
  const place = "the change";
  const rules = [
    filesChanged > mostFiles ? `${filesChanged} files, at most ${mostFiles}` : undefined,
    additions > mostAddedLines ? `${additions} added lines, at most ${mostAddedLines}` : undefined,
    patch.length > mostPatchBytes ? `a patch of ${mebibytes(patch.length)}, at most ${mebibytes(mostPatchBytes)}` : undefined,
  ];
  return rules.flatMap((rule) => (rule === undefined ? [] : [{ reason: "ChangeTooLarge", place, rule } as const]));
}

/** Files that are new or grow by too much. */
export async function fileSizeFindings(worktree: Worktree, changes: readonly RawChange[]): Promise<readonly Finding[]> {
  const removed = new Set(changes.filter(({ status }) => status === "D").map(({ oldObject }) => oldObject));
  const grown = changes.filter(({ status, newMode, newObject }) => status !== "D" && newMode !== "160000" && !removed.has(newObject));
  const sizes = await sizesOf(
    worktree,
    grown.flatMap(({ oldObject, newObject }) => [oldObject, newObject]),
  );
  return grown.flatMap(({ path, oldObject, newObject }) => {
    const bytes = (sizes.get(newObject) ?? 0) - (sizes.get(oldObject) ?? 0);
    if (bytes <= mostFileBytes) return [];
    const rule = `grows by ${mebibytes(bytes)}, at most ${mebibytes(mostFileBytes)}`;
    return [{ reason: "ChangeTooLarge", place: quotePath(path), rule } as const];
  });
}

/** Bytes by object; what does not exist, as the zeros of a new file, is left out. */
async function sizesOf(worktree: Worktree, objects: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (objects.length === 0) return new Map();
  const input = [...new Set(objects)].map((object) => `${object}\n`).join("");
  const { stdout } = await git(["cat-file", "--batch-check=%(objectname) %(objectsize)"], { ...worktree, input });
  const rows = stdout.toString("latin1").trimEnd().split("\n");
  return new Map(rows.map((row) => row.split(" ")).map(([object = "", size = ""]) => [object, Number(size) || 0] as const));
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
