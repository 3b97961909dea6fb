import { mkdir, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { confine, quote } from "./confine.ts";
import { defineTool, type Tool, ToolError } from "./tool.ts";
import { demandChangeable, type Workspace } from "./workspace.ts";

const schema = z.strictObject({
  from: z.string().describe("Path of the file, from the root of the repository."),
  to: z.string().describe("New path; nothing may be there yet."),
});

export function moveFileTool(workspace: Workspace): Tool {
  return defineTool({
    name: "move_file",
    access: "write",
    description: "Moves or renames one file. Missing folders are made. Folders are moved file by file.",
    schema,
    run: async (input) => {
      const from = await confine(workspace.root, input.from);
      const to = await confine(workspace.root, input.to);
      if (from.entry === undefined) throw new ToolError(`${quote(from.relative)} does not exist.`);
      if (from.entry === "directory") throw new ToolError(`${quote(from.relative)} is a folder. Move its files one by one.`);
      if (to.entry !== undefined) throw new ToolError(`${quote(to.relative)} exists already. Delete it first if it shall be replaced.`);
      await demandChangeable(workspace, from);
      await demandChangeable(workspace, to);
      workspace.touched.add(from.relative).add(to.relative);
      await mkdir(dirname(to.absolute), { recursive: true });
      await rename(from.absolute, to.absolute);
      workspace.seen.move(from.relative, to.relative);
      return `Moved ${quote(from.relative)} to ${quote(to.relative)}.`;
    },
  });
}
