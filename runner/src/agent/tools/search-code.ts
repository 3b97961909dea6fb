import { z } from "zod";
import { confine, quote } from "./confine.ts";
import { cutLine } from "./lines.ts";
import { type ProgramOutput, runProgram } from "./program.ts";
import { defineTool, type Tool, ToolError } from "./tool.ts";
import type { Workspace } from "./workspace.ts";

const mostResults = 250;
const mostCharacters = 48_000;
const mostBytes = 4 * 1024 * 1024;
const timeoutMs = 30_000;

const schema = z.strictObject({
  pattern: z.string().min(1).max(2000).describe("Regular expression in ripgrep's (Rust) syntax."),
  path: z.string().optional().describe("Folder or file to search in; default is the whole repository."),
  glob: z.string().max(500).optional().describe('Only files that match, such as "*.ts" or "!**/dist/**".'),
  mode: z
    .enum(["content", "files", "count"])
    .optional()
    .describe("content (default): matching lines; files: their files; count: matches per file."),
  ignoreCase: z.boolean().optional(),
});
type Input = z.infer<typeof schema>;

export function searchCodeTool(workspace: Workspace): Tool {
  return defineTool({
    name: "search_code",
    access: "read",
    description: `Searches file contents with ripgrep, hidden files too, ignored and binary ones not; at most ${mostResults} results. Shows path:line:text.`,
    schema,
    run: async (input) => {
      const place = await confine(workspace.root, input.path ?? "");
      if (place.entry === undefined) throw new ToolError(`${quote(place.relative)} does not exist.`);
      const args = argumentsOf(input, place.relative);
      const options = { cwd: workspace.root, home: workspace.tmpDir, timeoutMs, maxBytes: mostBytes };
      return show(await runProgram(workspace.ripgrep, args, options));
    },
  });
}

/** What the model says stands only behind `--` or in one argument with its option. */
function argumentsOf(input: Input, path: string): readonly string[] {
  const modes = {
    content: ["--line-number", "--no-heading", "--with-filename", "--max-columns=2000", "--max-columns-preview"],
    files: ["--files-with-matches"],
    count: ["--count-matches", "--with-filename"],
  };
  return [
    "--no-config",
    "--no-ignore-global",
    "--no-ignore-parent",
    "--no-require-git",
    "--hidden",
    "--color=never",
    "--sort=path",
    "--max-filesize=10M",
    ...modes[input.mode ?? "content"],
    ...(input.ignoreCase === true ? ["--ignore-case"] : []),
    ...(input.glob === undefined ? [] : [`--glob=${input.glob}`]),
    "--iglob=!.git",
    "--",
    input.pattern,
    path === "" ? "./" : `./${path}`,
  ];
}

function show(output: ProgramOutput): string {
  if (output.ended === "itself" && output.exitCode === 2 && output.stdout === "") {
    throw new ToolError(`The search failed: ${output.stderr.trim().slice(0, 1000)}`);
  }
  const lines = output.stdout.split("\n").filter((line) => line !== "");
  if (lines.length === 0) return output.ended === "time" ? "Nothing was found in 30 s. Give a path or a glob." : "No matches.";
  const shown = fitting(lines.map((line) => cutLine(line.replace(/^\.\//, ""))));
  return [...shown, ...note(output, shown.length, lines.length)].join("\n");
}

function fitting(lines: readonly string[]): readonly string[] {
  const shown: string[] = [];
  let characters = 0;
  for (const line of lines.slice(0, mostResults)) {
    characters += line.length + 1;
    if (characters > mostCharacters && shown.length > 0) break;
    shown.push(line);
  }
  return shown;
}

function note(output: ProgramOutput, shown: number, found: number): readonly string[] {
  if (output.ended === "time") return ["[The search was stopped after 30 s. Give a path or a glob.]"];
  if (output.ended === "output") return ["[There are many more results. Narrow the pattern, give a path or a glob, or use mode files.]"];
  if (shown < found)
    return [`[${found - shown} more results are not shown. Narrow the pattern, give a path or a glob, or use mode files.]`];
  return [];
}
