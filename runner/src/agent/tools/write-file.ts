import { z } from "zod";
import { confine, type Place, quote } from "./confine.ts";
import { readPlace, writePlace } from "./files.ts";
import { linesOf } from "./lines.ts";
import { decode, encode, withCRLF } from "./text.ts";
import { defineTool, type Tool, ToolError } from "./tool.ts";
import { demandChangeable, type Workspace } from "./workspace.ts";

const schema = z.strictObject({
  path: z.string().describe("Path from the root of the repository."),
  content: z.string().describe("The whole content of the file."),
});

export function writeFileTool(workspace: Workspace): Tool {
  return defineTool({
    name: "write_file",
    access: "write",
    description:
      "Makes a new file, or replaces all of one that was read before. Missing folders are made. Prefer edit_file for changes to existing files.",
    schema,
    run: async ({ path, content }) => {
      if (content.includes("\0")) throw new ToolError("content has a zero byte. Binary files are refused in a change.");
      const place = await confine(workspace.root, path);
      await demandChangeable(workspace, place);
      const bytes = place.entry === "file" ? await replacing(workspace, place, content) : encode(content, { bom: false });
      await writePlace(place, bytes, workspace.touched);
      workspace.seen.note(place.relative, bytes);
      return `${place.entry === "file" ? "Replaced" : "Made"} ${quote(place.relative)}, ${linesOf(content).length} lines.`;
    },
  });
}

/** Keeps the line endings and byte order mark of the file that is replaced. */
async function replacing(workspace: Workspace, place: Place, content: string): Promise<Buffer> {
  const bytes = await readPlace(place);
  const old = decode(bytes, place.relative);
  workspace.seen.demand(place.relative, bytes);
  const encoded = encode(old.crlf ? withCRLF(content) : content, { bom: old.bom && !content.startsWith("\uFEFF") });
  if (encoded.equals(bytes)) throw new ToolError("The file has this content already; nothing would change.");
  return encoded;
}
