import { z } from "zod";
import { confine, quote } from "./confine.ts";
import { readPlace } from "./files.ts";
import { linesOf, numbered } from "./lines.ts";
import { decode, type Text } from "./text.ts";
import { defineTool, type Tool, ToolError } from "./tool.ts";
import type { Workspace } from "./workspace.ts";

const mostLines = 2000;
const mostCharacters = 48_000;

const schema = z.strictObject({
  path: z.string().describe("Path from the root of the repository, with /."),
  offset: z.int().min(1).optional().describe("First line to show, counted from 1."),
  limit: z.int().min(1).optional().describe(`Number of lines to show, at most ${mostLines}.`),
});

export function readFileTool(workspace: Workspace): Tool {
  return defineTool({
    name: "read_file",
    access: "read",
    description: `Shows a text file with line numbers, at most ${mostLines} lines or ${mostCharacters} characters at once. The number and the tab before each line are not part of the file.`,
    schema,
    run: async ({ path, offset = 1, limit = mostLines }) => {
      const place = await confine(workspace.root, path);
      const bytes = await readPlace(place);
      const text = decode(bytes, place.relative);
      workspace.seen.note(place.relative, bytes);
      return show(place.relative, text, offset, Math.min(limit, mostLines));
    },
  });
}

function show(path: string, text: Text, offset: number, limit: number): string {
  const lines = linesOf(text.text);
  if (lines.length === 0) return `${quote(path)} is empty.`;
  if (offset > lines.length) throw new ToolError(`${quote(path)} has ${lines.length} lines; offset ${offset} is behind its end.`);
  const wanted = lines.slice(offset - 1, offset - 1 + limit);
  const shown = fitting(wanted, offset);
  const last = offset + shown.count - 1;
  return `${head(path, text, lines.length)}\n${shown.text}${rest(last, lines.length)}`;
}

function head(path: string, text: Text, count: number): string {
  const notes = [
    `${count} lines`,
    ...(text.crlf ? ["line endings CRLF, kept by edits"] : []),
    ...(text.bom ? ["byte order mark, kept by edits"] : []),
  ];
  return `${quote(path)} (${notes.join("; ")})`;
}

/** As many whole lines as the cap on characters lets through, at least one. */
function fitting(lines: readonly string[], first: number): { readonly text: string; readonly count: number } {
  const shown: string[] = [];
  let characters = 0;
  for (const [index, line] of lines.entries()) {
    const row = numbered([line], first + index);
    characters += row.length + 1;
    if (characters > mostCharacters && shown.length > 0) break;
    shown.push(row);
  }
  return { text: shown.join("\n"), count: shown.length };
}

function rest(last: number, count: number): string {
  return last < count ? `\n[Lines ${last + 1} to ${count} are not shown. Read on with offset ${last + 1}.]` : "";
}
