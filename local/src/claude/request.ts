import { z } from "zod";

const CacheControl = z.strictObject({ type: z.literal("ephemeral"), ttl: z.enum(["5m", "1h"]).optional() }).nullish();

const Text = z.strictObject({
  type: z.literal("text"),
  text: z.string().min(1, "text content blocks must be non-empty"),
  citations: z.array(z.unknown()).nullish(),
  cache_control: CacheControl,
});
const ToolUse = z.strictObject({
  type: z.literal("tool_use"),
  id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
  name: z.string().min(1),
  input: z.record(z.string(), z.unknown()),
  caller: z.unknown().optional(),
  cache_control: CacheControl,
});
const ToolResult = z.strictObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(Text)]).optional(),
  is_error: z.boolean().optional(),
  cache_control: CacheControl,
});
const Thinking = z.strictObject({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() });

const UserBlock = z.discriminatedUnion("type", [Text, ToolResult]);
const AssistantBlock = z.discriminatedUnion("type", [Text, ToolUse, Thinking]);

const Message = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("user"), content: z.union([z.string().min(1), z.array(UserBlock).min(1)]) }),
  z.strictObject({ role: z.literal("assistant"), content: z.union([z.string().min(1), z.array(AssistantBlock).min(1)]) }),
  z.strictObject({ role: z.literal("system"), content: z.union([z.string().min(1), z.array(Text).min(1)]) }),
]);
export type Message = z.infer<typeof Message>;
export type UserBlock = z.infer<typeof UserBlock>;
export type AssistantBlock = z.infer<typeof AssistantBlock>;

const Tool = z.strictObject({
  type: z.literal("custom").nullish(),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  description: z.string().optional(),
  input_schema: z.looseObject({ type: z.literal("object") }),
  strict: z.boolean().optional(),
  input_examples: z.array(z.unknown()).optional(),
  eager_input_streaming: z.boolean().nullish(),
  defer_loading: z.boolean().optional(),
  allowed_callers: z.array(z.string()).optional(),
  cache_control: CacheControl,
});

const prompt = {
  model: z.string().min(1),
  messages: z.array(Message).min(1, "at least one message is required"),
  system: z.union([z.string(), z.array(Text)]).optional(),
  tools: z.array(Tool).optional(),
  tool_choice: z.looseObject({ type: z.enum(["auto", "any", "tool", "none"]) }).optional(),
  thinking: z
    .looseObject({ type: z.enum(["adaptive", "enabled", "disabled", "between_tools"]), display: z.string().optional() })
    .optional(),
  cache_control: CacheControl,
  context_management: z.unknown().optional(),
  compaction: z.unknown().optional(),
  output_config: z
    .strictObject({
      effort: z.enum(["low", "medium", "high", "xhigh", "max"]).optional(),
      format: z.strictObject({ type: z.literal("json_schema"), schema: z.looseObject({ type: z.literal("object") }) }).optional(),
      task_budget: z.unknown().optional(),
    })
    .optional(),
  mcp_servers: z.array(z.unknown()).optional(),
  billing_policy: z.unknown().optional(),
  speed: z.enum(["standard", "fast"]).nullish(),
};

/** Body of `POST /v1/messages/count_tokens`. */
export const CountRequest = z.strictObject(prompt);

/** Body of `POST /v1/messages` as far as this project sends it. Every other field is refused, as the API does. */
export const MessagesRequest = z.strictObject({
  ...prompt,
  max_tokens: z.int().min(1),
  stream: z.boolean().optional(),
  container: z.unknown().optional(),
  diagnostics: z.unknown().optional(),
  fallbacks: z.unknown().optional(),
  inference_geo: z.string().nullish(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  service_tier: z.enum(["auto", "standard_only"]).optional(),
  stop_sequences: z.array(z.string()).optional(),
  thread: z.unknown().optional(),
});
export type MessagesRequest = z.infer<typeof MessagesRequest>;
/** What both endpoints have in common. */
export type Prompt = z.infer<typeof CountRequest>;

/** The blocks of a message; a plain string is one text block. */
export function blocksOf(message: Message): readonly (UserBlock | AssistantBlock)[] {
  return typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
}

/** All text that a message carries outside tool results. */
export function textOf(message: Message): string {
  return blocksOf(message)
    .flatMap((block) => (block.type === "text" ? [block.text] : []))
    .join("\n");
}
