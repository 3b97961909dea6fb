import { z } from "zod";
import { confine, quote } from "./confine.ts";
import { readPlace, writePlace } from "./files.ts";
import { linesOf, numbered } from "./lines.ts";
import { applyReplacements, findEdit, lineAt, type Match, type Replacement } from "./match.ts";
import { nearest } from "./nearest.ts";
import { decode, encode } from "./text.ts";
import { defineTool, type Tool, ToolError } from "./tool.ts";
import { demandChangeable, type Workspace } from "./workspace.ts";

const around = 4;

const schema = z.strictObject({
  path: z.string().describe("Path from the root of the repository."),
  old_text: z
    .string()
    .describe("Text to replace, exactly as in the file, without line numbers. It must occur once, unless replace_all is true."),
  new_text: z.string().describe("Text that takes its place."),
  replace_all: z.boolean().optional().describe("Replace every occurrence."),
});
type Input = z.infer<typeof schema>;

export function editFileTool(workspace: Workspace): Tool {
  return defineTool({
    name: "edit_file",
    access: "write",
    description:
      "Replaces text in a file that was read before. Line endings and a byte order mark are kept. Shows the lines around the change.",
    schema,
    run: (input) => edit(workspace, input),
  });
}

async function edit(workspace: Workspace, input: Input): Promise<string> {
  if (input.old_text === "") throw new ToolError("old_text is empty. Use write_file for a new file.");
  if (input.old_text === input.new_text) throw new ToolError("old_text and new_text are the same; nothing would change.");
  if (input.new_text.includes("\0")) throw new ToolError("new_text has a zero byte. Binary files are refused in a change.");
  const place = await confine(workspace.root, input.path);
  const bytes = await readPlace(place);
  const text = decode(bytes, place.relative);
  workspace.seen.demand(place.relative, bytes);
  await demandChangeable(workspace, place);
  const wish = { oldText: input.old_text, newText: input.new_text, replaceAll: input.replace_all ?? false, crlf: text.crlf };
  const match = findEdit(text.text, wish);
  if (match.kind !== "found") throw new ToolError(notFound(place.relative, text.text, input.old_text, match));
  const changed = applyReplacements(text.text, match.replacements);
  if (changed === text.text) throw new ToolError("The edit would change nothing.");
  const written = encode(changed, text);
  await writePlace(place, written, workspace.touched);
  workspace.seen.note(place.relative, written);
  return report(place.relative, changed, match);
}

function notFound(path: string, text: string, oldText: string, match: Exclude<Match, { kind: "found" }>): string {
  if (match.kind === "many") {
    const lines = match.lines.slice(0, 20).join(", ");
    return `old_text occurs ${match.lines.length} times in ${quote(path)}, at lines ${lines}. Add lines around it until it is unique, or set replace_all.`;
  }
  const near = nearest(text, oldText);
  const hint = near === undefined ? "Nothing in the file is like it; read the file again." : `The nearest lines are:\n${near}`;
  return `old_text was not found in ${quote(path)}. ${hint}`;
}

function report(path: string, changed: string, match: Extract<Match, { kind: "found" }>): string {
  const count = match.replacements.length;
  const how = match.how === "whitespace" ? " The white space of old_text differed from the file's; indentation was adapted." : "";
  const [first] = match.replacements;
  const lines = first === undefined ? "" : surroundings(changed, first);
  return `Edited ${quote(path)}${count > 1 ? `, ${count} places; the first` : ""}.${how}\n${lines}`;
}

/** The first replacement begins at the same position in the old and the new text. */
function surroundings(changed: string, replacement: Replacement): string {
  const first = Math.max(1, lineAt(changed, replacement.start) - around);
  const last = lineAt(changed, replacement.start + replacement.text.length) + around;
  return numbered(linesOf(changed).slice(first - 1, Math.min(last, first + 60)), first);
}
