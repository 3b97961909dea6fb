import type {
  BetaContentBlockParam,
  BetaToolResultBlockParam,
  BetaToolUseBlockParam,
} from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { Tool, ToolOutcome } from "../tools/tool.ts";

/** One call and what came of it. */
export interface Done extends ToolOutcome {
  readonly use: BetaToolUseBlockParam;
  readonly durationMs: number;
  readonly wrote: boolean;
}

export interface Cut {
  /** The answer ended at its longest length, so its last block may be incomplete. */
  readonly cutOff: boolean;
  readonly maxOutputTokens: number;
}

export function toolUses(content: readonly BetaContentBlockParam[]): readonly BetaToolUseBlockParam[] {
  return content.filter((block) => block.type === "tool_use");
}

/** The answer to one call, as it goes to the API. */
export function resultBlock({ use, text, isError }: Done): BetaToolResultBlockParam {
  return { type: "tool_result", tool_use_id: use.id, content: text, ...(isError ? { is_error: true } : {}) };
}

/**
 * Runs the calls of one answer and answers every one exactly once, in the order asked: neighbouring reads side by side, writes alone and in
 * order, the report after all others, since it speaks of what they did.
 */
export async function runCalls(
  content: readonly BetaContentBlockParam[],
  tools: readonly Tool[],
  cut: Cut,
  now: () => number,
): Promise<readonly Done[]> {
  const uses = toolUses(content);
  const done = new Map<number, Done>();
  for (const batch of batches(uses, tools)) {
    const results = await Promise.all(batch.map((index) => runOne(uses[index], content, { tools, cut, now })));
    for (const [at, index] of batch.entries()) {
      const result = results[at];
      if (result !== undefined) done.set(index, result);
    }
  }
  return uses.flatMap((_, index) => done.get(index) ?? []);
}

/** Indexes of calls that may run side by side, group after group. */
export function batches(uses: readonly { readonly name: string }[], tools: readonly Tool[]): readonly (readonly number[])[] {
  const accessOf = (name: string): Tool["access"] => tools.find((tool) => tool.name === name)?.access ?? "read";
  const groups: number[][] = [];
  const reports: number[][] = [];
  let reading = false;
  for (const [index, use] of uses.entries()) {
    const access = accessOf(use.name);
    if (access === "report") {
      reports.push([index]);
      continue;
    }
    const last = groups.at(-1);
    if (access === "read" && reading && last !== undefined) last.push(index);
    else groups.push([index]);
    reading = access === "read";
  }
  return [...groups, ...reports];
}

interface Running {
  readonly tools: readonly Tool[];
  readonly cut: Cut;
  readonly now: () => number;
}

async function runOne(
  use: BetaToolUseBlockParam | undefined,
  content: readonly BetaContentBlockParam[],
  { tools, cut, now }: Running,
): Promise<Done | undefined> {
  if (use === undefined) return undefined;
  const began = now();
  const tool = tools.find((candidate) => candidate.name === use.name);
  const isSecond = tool?.access === "report" && toolUses(content).find(({ name }) => name === use.name) !== use;
  const outcome = isSecond ? secondReport : await outcomeOf(use, tool, cut.cutOff && content.at(-1) === use ? cut : undefined);
  return { ...outcome, use, durationMs: now() - began, wrote: tool?.access === "write" && !outcome.isError };
}

/** What the first is answered with has to be read before there can be another. */
const secondReport: ToolOutcome = { text: "Only the first report of an answer counts. Read what it is answered with.", isError: true };

async function outcomeOf(use: BetaToolUseBlockParam, tool: Tool | undefined, cut: Cut | undefined): Promise<ToolOutcome> {
  if (cut !== undefined) {
    const text = `Your output was cut off at ${cut.maxOutputTokens} tokens, so this call was not run. Write smaller pieces.`;
    return { text, isError: true };
  }
  if (tool === undefined) return { text: `There is no tool ${JSON.stringify(use.name)}.`, isError: true };
  return tool.call(use.input);
}
