import type { BetaContentBlockParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { toolUses } from "./schedule.ts";

/** What a person sees while an answer's calls run, such as "edit_file package.json". */
export function activityOf(content: readonly BetaContentBlockParam[]): string {
  const uses = toolUses(content);
  const [first] = uses;
  if (first === undefined) return "thinks";
  const more = uses.length > 1 ? ` and ${uses.length - 1} more` : "";
  return `${first.name}${pathOf(first.input)}${more}`;
}

function pathOf(input: unknown): string {
  if (typeof input !== "object" || input === null || !("path" in input)) return "";
  return typeof input.path === "string" ? ` ${input.path}` : "";
}
