import Anthropic from "@anthropic-ai/sdk";
import { Scenario } from "../scenario.ts";
import { startClaude } from "../server.ts";
import type { Claude } from "../server.ts";

type Params = Anthropic.Beta.Messages.MessageCreateParamsNonStreaming;

/** A stand-in with one scenario, and the real SDK that talks to it. */
export async function standIn(scenario: object, now?: () => number): Promise<{ readonly claude: Claude; readonly sdk: Anthropic }> {
  const scenarios = [Scenario.parse({ name: "tested", ...scenario })];
  const log = { info: () => undefined, warn: () => undefined };
  const claude = await startClaude({ scenarios, log, ...(now === undefined ? {} : { now }) });
  return { claude, sdk: new Anthropic({ apiKey: "any-key", baseURL: claude.url, maxRetries: 0 }) };
}

export const tools: Params["tools"] = [
  {
    name: "read_file",
    description: "Reads a file.",
    input_schema: { type: "object", properties: { path: { type: "string" } }, additionalProperties: false },
    strict: true,
  },
  { name: "report_result", input_schema: { type: "object", properties: {} } },
];

/** A first request as the agent sends it. */
export function opening(text = "Repository: acme/api (main)\n\nMove to Node 24", more: Partial<Params> = {}): Params {
  return {
    model: "claude-sonnet-5-5",
    max_tokens: 4000,
    system: "You change repositories.",
    tools: tools ?? [],
    cache_control: { type: "ephemeral" },
    messages: [{ role: "user", content: text }],
    ...more,
  };
}

/** The conversation after an answer whose tools each gave `output`. */
export function continued(params: Params, answer: Anthropic.Beta.Messages.BetaMessage, output = "fine"): Params {
  const results = answer.content.flatMap((block) =>
    block.type === "tool_use" ? [{ type: "tool_result" as const, tool_use_id: block.id, content: output }] : [],
  );
  const next = results.length > 0 ? results : [{ type: "text" as const, text: "go on" }];
  return { ...params, messages: [...params.messages, { role: "assistant", content: answer.content }, { role: "user", content: next }] };
}
