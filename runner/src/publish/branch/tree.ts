import type { PublishInput } from "@codybatch/crds";
import { git, treeOfPatch } from "../../git/index.ts";
import { Refused } from "../fault.ts";
import type { Copy } from "./remote.ts";

/** Makes the approved tree from base and patch. Throws {@link Refused} when it is not the recorded one, or holds what is not allowed. */
export async function makeTree({ patch, allowsWorkflows }: PublishInput, bytes: Uint8Array, copy: Copy): Promise<void> {
  const { gitDir, options } = copy;
  const worktree = { gitDir, workTree: copy.transport.local.home, baseCommit: patch.baseCommit };
  const tree = await treeOfPatch(worktree, bytes, copy.transport.local.home);
  if (tree !== patch.tree) {
    const fact = tree === undefined ? "does not apply to its base" : "gives other files than were recorded";
    throw new Refused("TreeMismatch", `The approved patch ${fact}; nothing was pushed. Run the change again.`);
  }
  if (allowsWorkflows) return;
  const { stdout } = await git(["diff-tree", "-r", "--name-only", patch.baseCommit, tree, "--", ".github/workflows"], options);
  if (stdout.length === 0) return;
  const remedy = "Add .github/workflows/** to spec.publish.allowPaths, and give the write credential workflows write.";
  throw new Refused("WorkflowPermissionMissing", `The patch changes workflows, which this batch may not; nothing was pushed. ${remedy}`);
}
