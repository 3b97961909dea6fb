import { unlink } from "node:fs/promises";
import { z } from "zod";
import { confine, quote } from "./confine.ts";
import { defineTool, type Tool, ToolError } from "./tool.ts";
import { refuseIgnored, type Workspace } from "./workspace.ts";

const schema = z.strictObject({ path: z.string().describe("Path of the file, from the root of the repository.") });

export function deleteFileTool(workspace: Workspace): Tool {
  return defineTool({
    name: "delete_file",
    access: "write",
    description: "Deletes one file.",
    schema,
    run: async ({ path }) => {
      const place = await confine(workspace.root, path);
      if (place.entry === undefined) throw new ToolError(`${quote(place.relative)} does not exist.`);
      if (place.entry === "directory") throw new ToolError(`${quote(place.relative)} is a folder. Delete its files one by one.`);
      await refuseIgnored(workspace, place);
      workspace.touched.add(place.relative);
      await unlink(place.absolute);
      workspace.seen.forget(place.relative);
      return `Deleted ${quote(place.relative)}.`;
    },
  });
}
