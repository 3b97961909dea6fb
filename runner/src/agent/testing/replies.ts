import type { Block, Reply, Usage } from "./api.ts";

let uses = 0;

export function use(name: string, input: unknown): Block {
  uses += 1;
  return { type: "tool_use", id: `toolu_${uses}`, name, input };
}

export function message(
  content: readonly Block[],
  rest: { readonly stop?: string; readonly usage?: Usage; readonly stopDetails?: unknown } = {},
): Reply {
  return { kind: "message", content, ...rest };
}

/** One call per answer. */
export function call(name: string, input: unknown = {}): Reply {
  return message([use(name, input)]);
}

export function say(text: string): Reply {
  return message([{ type: "text", text }]);
}

export function report(wereChangesNecessary: boolean, words: { readonly summary?: string } = {}): Reply {
  return call("report_result", {
    wereChangesNecessary,
    summary: words.summary ?? "Moved to Node 24.",
    explanation: "The engines field named Node 20.",
  });
}

/** The replies in turn, the last one again and again. */
export function inTurn(replies: readonly Reply[]): (index: number) => Reply {
  return (index) => replies[Math.min(index, replies.length - 1)]!;
}

/** Reads, edits and reports twice: the shortest whole run. */
export const wholeRun: readonly Reply[] = [
  call("read_file", { path: "package.json" }),
  call("edit_file", { path: "package.json", old_text: '"node": "20"', new_text: '"node": "24"' }),
  report(true),
  report(true),
];
