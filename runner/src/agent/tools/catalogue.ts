import { deleteFileTool } from "./delete-file.ts";
import { editFileTool } from "./edit-file.ts";
import { getDiffTool } from "./get-diff.ts";
import { listFilesTool } from "./list-files.ts";
import { moveFileTool } from "./move-file.ts";
import { readFileTool } from "./read-file.ts";
import { searchCodeTool } from "./search-code.ts";
import type { Tool } from "./tool.ts";
import type { Workspace } from "./workspace.ts";
import { writeFileTool } from "./write-file.ts";

/** The tools that work on files, in the order in which they are offered. */
export function fileTools(workspace: Workspace): readonly Tool[] {
  return [
    listFilesTool(workspace),
    readFileTool(workspace),
    searchCodeTool(workspace),
    editFileTool(workspace),
    writeFileTool(workspace),
    moveFileTool(workspace),
    deleteFileTool(workspace),
    getDiffTool(workspace),
  ];
}
