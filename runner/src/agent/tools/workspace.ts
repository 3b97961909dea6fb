import { realpath } from "node:fs/promises";
import { isIgnored, listEntries, type Worktree } from "../../git/index.ts";
import { readGuidance } from "../guidance.ts";
import { type Place, quote } from "./confine.ts";
import { Seen } from "./files.ts";
import { ToolError } from "./tool.ts";

/** Where the tools of one run work. */
export interface Workspace {
  readonly worktree: Worktree;
  /** Real path of the work tree. */
  readonly root: string;
  readonly seen: Seen;
  /** Paths from the root that were written, moved or deleted, or tried to be, since the last patch. */
  readonly touched: Set<string>;
  /** Paths that are symbolic links in the repository; here they are plain files that hold their target. */
  readonly links: ReadonlySet<string>;
  /** What the repository tells its contributors, at its base, as a part for the first message. */
  readonly guidance: string | undefined;
  readonly ripgrep: string;
  readonly tmpDir: string;
}

export async function openWorkspace(
  worktree: Worktree,
  programs: { readonly ripgrep: string; readonly tmpDir: string },
): Promise<Workspace> {
  const { ripgrep, tmpDir } = programs;
  const { entries } = await listEntries(worktree);
  const links = new Set(entries.filter(({ kind }) => kind === "symlink").map(({ path }) => path));
  const root = await realpath(worktree.workTree);
  return { worktree, root, seen: new Seen(), touched: new Set(), links, guidance: await readGuidance({ root, links }), ripgrep, tmpDir };
}

/** Refuses to write where the change would silently be missing from the patch, or would be refused at its end. */
export async function demandChangeable(workspace: Workspace, place: Place): Promise<void> {
  if (place.relative === "") throw new ToolError("The path is empty.");
  if (workspace.links.has(place.relative)) {
    throw new ToolError(
      `${quote(place.relative)} is a symbolic link in the repository. Links are refused in a change; it may only be deleted.`,
    );
  }
  await refuseIgnored(workspace, place);
}

/** A change to an ignored file would not be part of the patch. */
export async function refuseIgnored(workspace: Workspace, place: Place): Promise<void> {
  if (!(await isIgnored(workspace.worktree, place.relative))) return;
  throw new ToolError(
    `${quote(place.relative)} is ignored by git, so it could not become part of the change. Change the source that it is made from.`,
  );
}
