import { z } from "zod";
import { listEntries } from "../../git/index.ts";
import { confine, quote } from "./confine.ts";
import { defineTool, type Tool, ToolError } from "./tool.ts";
import { listing, type Listing, mostEntries } from "./tree.ts";
import type { Workspace } from "./workspace.ts";

const schema = z.strictObject({
  path: z.string().optional().describe("Folder to list; default is the root of the repository."),
  depth: z.int().min(1).optional().describe("Levels to show; deeper folders are shown with their number of files."),
});

export function listFilesTool(workspace: Workspace): Tool {
  return defineTool({
    name: "list_files",
    access: "read",
    description: `Lists the repository's files, without those that git ignores; at most ${mostEntries} entries. Paths are relative to the folder listed.`,
    schema,
    run: async ({ path = "", depth }) => {
      const place = await confine(workspace.root, path);
      if (place.entry === undefined) throw new ToolError(`${quote(place.relative)} does not exist. List its parent folder.`);
      if (place.entry === "file") throw new ToolError(`${quote(place.relative)} is a file. Use read_file.`);
      const { entries, unnameable } = await listEntries(workspace.worktree);
      const files = below(
        entries.filter(({ kind }) => kind !== "submodule").map((entry) => entry.path),
        place.relative,
      );
      return show(place.relative, listing(files, depth), { count: files.length, unnameable });
    },
  });
}

function below(files: readonly string[], folder: string): readonly string[] {
  if (folder === "") return files;
  return files.filter((file) => file.startsWith(`${folder}/`)).map((file) => file.slice(folder.length + 1));
}

interface Counts {
  readonly count: number;
  readonly unnameable: number;
}

function show(folder: string, list: Listing, { count, unnameable }: Counts): string {
  const title = `${quote(folder)}: ${count} ${count === 1 ? "file" : "files"}, shown to depth ${list.depth}`;
  const left = list.left > 0 ? [`[${list.left} more entries are not shown. List a folder, or give a smaller depth.]`] : [];
  const strange = unnameable > 0 ? [`[The repository has ${unnameable} more files whose names are not UTF-8; no tool can open them.]`] : [];
  return [title, ...list.entries.map(quote), ...left, ...strange].join("\n");
}
