import { bindingOf, hash } from "./binding.ts";
import { tokensOf } from "./cache.ts";
import type { PromptTokens } from "./cache.ts";
import { fill, fillText } from "./placeholder.ts";
import type { MessagesRequest } from "./request.ts";
import type { Turn } from "./scenario.ts";

type Block =
  | { readonly type: "thinking"; readonly thinking: string; readonly signature: string }
  | { readonly type: "text"; readonly text: string; readonly citations: null }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: unknown };

/** A finished answer, as the API returns it without streaming. */
export interface Answer {
  readonly id: string;
  readonly type: "message";
  readonly role: "assistant";
  readonly model: string;
  readonly content: readonly Block[];
  readonly stop_reason: string;
  readonly stop_sequence: null;
  readonly stop_details: object | null;
  readonly usage: Usage;
}

interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation: { readonly ephemeral_5m_input_tokens: number; readonly ephemeral_1h_input_tokens: number };
  readonly output_tokens_details: { readonly thinking_tokens: number };
  readonly server_tool_use: null;
  readonly service_tier: "standard";
}

interface Saying {
  readonly request: MessagesRequest;
  readonly turn: Turn;
  /** Hash of all that the answer follows. */
  readonly prefix: string;
  readonly values: Readonly<Record<string, string>>;
  readonly tokens: PromptTokens;
}

/** Builds the answer of a turn. An answer longer than max_tokens stops there, like the model's. */
export function makeAnswer(saying: Saying): Answer {
  const { request, turn, prefix, tokens } = saying;
  const content = blocksFor(saying);
  const output = content.reduce((sum, block) => sum + outputTokens(block), turn.thinking === undefined ? 0 : tokensOf(turn.thinking));
  const cut = output > request.max_tokens;
  return {
    id: `msg_standin${hash(`message\0${prefix}`).slice(0, 20)}`,
    type: "message",
    role: "assistant",
    model: request.model,
    content,
    stop_reason: cut ? "max_tokens" : stopReason(turn, content),
    stop_sequence: null,
    stop_details:
      turn.refusal === undefined
        ? null
        : { type: "refusal", category: turn.refusal.category ?? null, explanation: turn.refusal.explanation ?? null },
    usage: usageOf(tokens, Math.max(1, Math.min(output, request.max_tokens)), turn),
  };
}

function blocksFor({ request, turn, prefix, values }: Saying): readonly Block[] {
  const binding = bindingOf(prefix);
  const thinking = request.thinking?.display === "summarized" ? fillText(turn.thinking ?? "", values) : "";
  const thought =
    request.thinking?.type === "disabled" ? [] : [{ type: "thinking", thinking, signature: binding.signature(thinking) } as const];
  if (request.tool_choice?.type === "none") return [...thought, ...textBlock(reportText(turn, values))];
  return [
    ...thought,
    ...textBlock(turn.say === undefined ? undefined : fillText(turn.say, values)),
    ...turn.tools.map(
      ({ name, input }, index) => ({ type: "tool_use", id: binding.toolID(index), name, input: fill(input, values) }) as const,
    ),
  ];
}

function textBlock(text: string | undefined): readonly Block[] {
  return text === undefined || text === "" ? [] : [{ type: "text", text, citations: null }];
}

/** Without tools the model can only write down what it would have called. */
function reportText(turn: Turn, values: Readonly<Record<string, string>>): string {
  const [tool] = turn.tools;
  return tool === undefined ? (turn.say ?? "There is nothing more to say.") : JSON.stringify(fill(tool.input, values));
}

function stopReason(turn: Turn, content: readonly Block[]): string {
  if (turn.refusal !== undefined) return "refusal";
  return turn.stop ?? (content.some((block) => block.type === "tool_use") ? "tool_use" : "end_turn");
}

function outputTokens(block: Block): number {
  if (block.type === "thinking") return 0;
  return tokensOf(block.type === "text" ? block.text : `${block.name}${JSON.stringify(block.input)}`);
}

function usageOf(tokens: PromptTokens, output: number, turn: Turn): Usage {
  return {
    input_tokens: tokens.input,
    output_tokens: output,
    cache_creation_input_tokens: tokens.cacheWrite5m + tokens.cacheWrite1h,
    cache_read_input_tokens: tokens.cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: tokens.cacheWrite5m, ephemeral_1h_input_tokens: tokens.cacheWrite1h },
    output_tokens_details: { thinking_tokens: Math.min(output, tokensOf(turn.thinking ?? "")) },
    server_tool_use: null,
    service_tier: "standard",
  };
}
