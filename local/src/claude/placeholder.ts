import { blocksOf } from "./request.ts";
import type { Prompt } from "./request.ts";
import type { Opening } from "./choice.ts";

/** Values that a scenario for unknown repositories may name as `{{key}}`; a value that does not exist is an empty text. */
export function valuesOf(prompt: Prompt, opening: Opening): Readonly<Record<string, string>> {
  const outputs = toolOutputs(prompt);
  const last = outputs.at(-1) ?? "";
  return {
    repository: opening.repository,
    branch: opening.branch,
    firstFile: firstPath(outputs.find((output) => firstPath(output) !== "") ?? ""),
    "lastToolOutput.firstPath": firstPath(last),
    "lastToolOutput.firstLine": firstLine(last),
  };
}

/** Replaces `{{key}}` in every text of a tool's input. */
export function fill(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof value === "string") return fillText(value, values);
  if (Array.isArray(value)) return value.map((item) => fill(item, values));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, values)]));
}

/** Replaces `{{key}}` in one text; an unknown key stays as it is. */
export function fillText(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{\s*([\w.]+)\s*\}\}/g, (whole, key: string) => values[key] ?? whole);
}

function toolOutputs(prompt: Prompt): readonly string[] {
  return prompt.messages.flatMap(blocksOf).flatMap((block) => {
    if (block.type !== "tool_result") return [];
    return [typeof block.content === "string" ? block.content : (block.content ?? []).map(({ text }) => text).join("\n")];
  });
}

/** The first line that is one path: a file's, neither a folder's nor a hidden one's. */
function firstPath(output: string): string {
  return output.split("\n").find((line) => /^[^\s:.][^\s:]*[^\s:/]$/.test(line)) ?? "";
}

/** The first line with text, without the number that read_file puts before it. */
function firstLine(output: string): string {
  const numbered = output.split("\n").flatMap((line) => /^ *\d+\t(.*\S.*)$/.exec(line)?.[1] ?? []);
  return numbered[0] ?? output.split("\n").find((line) => line.trim() !== "") ?? "";
}
