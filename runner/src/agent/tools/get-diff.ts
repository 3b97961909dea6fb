import { z } from "zod";
import { makePatch } from "../../git/index.ts";
import { headAndTail } from "./lines.ts";
import { defineTool, type Tool } from "./tool.ts";
import type { Workspace } from "./workspace.ts";

/** Most characters of a diff that are shown to the model. */
const mostDiffCharacters = 48_000;

export function getDiffTool(workspace: Workspace): Tool {
  return defineTool({
    name: "get_diff",
    access: "write",
    description: "Shows everything that was changed so far, as a patch against the repository's base.",
    schema: z.strictObject({}),
    run: async () => {
      const { patch, filesChanged, additions, deletions } = await makePatch(workspace.worktree, workspace.tmpDir);
      if (filesChanged === 0) return "Nothing is changed so far.";
      return `${filesChanged} files changed, +${additions} -${deletions}\n${showDiff(patch)}`;
    },
  });
}

export function showDiff(patch: Uint8Array): string {
  return headAndTail(new TextDecoder().decode(patch), mostDiffCharacters, "Read the changed files to see the rest.");
}
