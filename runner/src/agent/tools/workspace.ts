import { realpath } from "node:fs/promises";
import { isIgnored, type Worktree } from "../../git/index.ts";
import { type Place, quote } from "./confine.ts";
import { Seen } from "./files.ts";
import { ToolError } from "./tool.ts";

/** Where the tools of one run work. */
export interface Workspace {
  readonly worktree: Worktree;
  /** Real path of the work tree. */
  readonly root: string;
  readonly seen: Seen;
  readonly ripgrep: string;
  readonly tmpDir: string;
}

export async function openWorkspace(
  worktree: Worktree,
  programs: { readonly ripgrep: string; readonly tmpDir: string },
): Promise<Workspace> {
  return { worktree, root: await realpath(worktree.workTree), seen: new Seen(), ...programs };
}

/** A change to an ignored file would silently be missing from the patch. */
export async function refuseIgnored(workspace: Workspace, place: Place): Promise<void> {
  if (place.relative === "") throw new ToolError("The path is empty.");
  if (!(await isIgnored(workspace.worktree, place.relative))) return;
  throw new ToolError(
    `${quote(place.relative)} is ignored by git, so it could not become part of the change. Change the source that it is made from.`,
  );
}
