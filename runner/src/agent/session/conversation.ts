import type {
  BetaContentBlockParam,
  BetaJSONOutputFormat,
  BetaMessageParam,
  BetaTool,
  MessageCreateParamsBase,
} from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { Agent } from "@codybatch/crds";
import { strictSchema } from "../tools/strict-schema.ts";
import type { Tool } from "../tools/tool.ts";

interface Opening {
  readonly model: string;
  readonly effort: Agent["effort"];
  readonly system: string;
  readonly tools: readonly Pick<Tool, "name" | "description" | "schema">[];
  /** Whether the API keeps the prompt for the next request; for a single request that costs more than it saves. */
  readonly cached: boolean;
}

/**
 * All that was said, append-only by construction: the API refuses a request whose system prompt, tools or earlier messages differ in one byte
 * from what the model's thinking was bound to. What is said once is copied and frozen.
 */
export class Conversation {
  readonly #opening: Opening;
  readonly #tools: readonly BetaTool[];
  readonly #messages: BetaMessageParam[] = [];
  #unsentBytes: number;
  #contextTokens = 0;

  constructor(opening: Opening) {
    this.#opening = opening;
    this.#tools = opening.tools.map((tool) =>
      frozen({ name: tool.name, description: tool.description, input_schema: strictSchema(tool.schema), strict: true }),
    );
    this.#unsentBytes = bytesOf(opening.system) + bytesOf(this.#tools);
  }

  say(content: readonly BetaContentBlockParam[]): void {
    this.#append({ role: "user", content: [...content] });
  }

  /**
   * Takes an answer exactly as it came, except for empty text, which the API gives but does not take back. An answer of nothing gets
   * a word, so that the roles alternate.
   */
  hear(content: readonly BetaContentBlockParam[]): void {
    const said = content.filter((block) => block.type !== "text" || block.text !== "");
    this.#append({ role: "assistant", content: said.length > 0 ? said : [{ type: "text", text: "(no content)" }] });
  }

  /** Bytes appended since the last counted answer; they bound its new tokens from above. */
  get uncountedBytes(): number {
    return this.#unsentBytes;
  }

  /** Tokens of all that the API has counted: where the next prompt begins. */
  get contextTokens(): number {
    return this.#contextTokens;
  }

  /** The API has counted all that was said so far as so many tokens. */
  counted(tokens: number): void {
    this.#unsentBytes = 0;
    this.#contextTokens = tokens;
  }

  /** With a form the answer is JSON of that form, and calls no tool; system, tools and messages stay as they are. */
  request(maxOutputTokens: number, form?: BetaJSONOutputFormat): MessageCreateParamsBase {
    const { model, effort, system, cached } = this.#opening;
    const thinks = thinksAdaptively(model);
    const output = { ...(thinks ? { effort } : {}), ...(form === undefined ? {} : { format: form }) };
    return {
      model,
      max_tokens: maxOutputTokens,
      system,
      tools: [...this.#tools],
      messages: [...this.#messages],
      ...(cached ? { cache_control: { type: "ephemeral" } } : {}),
      ...(thinks ? { thinking: { type: "adaptive", display: "summarized" } } : {}),
      ...(Object.keys(output).length > 0 ? { output_config: output } : {}),
      ...(form === undefined ? {} : { tool_choice: { type: "none" } }),
    };
  }

  #append(message: BetaMessageParam): void {
    this.#messages.push(frozen(message));
    this.#unsentBytes += bytesOf(message);
  }
}

/** The 4.5 models know neither adaptive thinking nor effort. */
function thinksAdaptively(model: string): boolean {
  return !/-4-5(-\d{8})?$/.test(model);
}

/** A copy that nobody can change any more. */
function frozen<Value>(value: Value): Value {
  const copy = structuredClone(value);
  freeze(copy);
  return copy;
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
