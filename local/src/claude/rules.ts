import { Fault } from "./fault.ts";
import { blocksOf } from "./request.ts";
import type { Message, MessagesRequest, Prompt } from "./request.ts";

/** Throws the 400 that the API gives for a conversation it would not take, beyond the schema. */
export function checkRules(request: Prompt | MessagesRequest): void {
  const choice = request.tool_choice?.type;
  if (choice === "any" || choice === "tool") {
    throw new Fault(400, `tool_choice: forced tool use ("${choice}") is not supported by this model; use auto or none`);
  }
  if ("thread" in request && request.thread !== undefined && request.thread !== null) {
    throw new Fault(400, "thread: message threads are not supported here", { errorCode: "thread_unsupported_request" });
  }
  checkThinking(request);
  for (const [index, tool] of (request.tools ?? []).entries()) checkStrict(tool, index);
  if (request.output_config?.format !== undefined) checkSchema(request.output_config.format.schema, "output_config.format.schema");
  checkRoles(request.messages);
  checkToolPairs(request.messages);
  checkUserText(request.messages);
}

/** Models that think in every answer, and neither without nor within a budget. */
const alwaysThinks = /^claude-(opus-5-5|fable-5-[12]|mythos-5-[12])(-\d{8})?$/;

function checkThinking({ model, thinking }: Prompt): void {
  if ((thinking?.type === "disabled" || thinking?.type === "enabled") && alwaysThinks.test(model))
    throw new Fault(400, `thinking.type: "${thinking.type}" is not supported by ${model}; leave it out or use adaptive`);
}

/** Keywords that the API does not compile for strict tools. */
const notStrict: readonly string[] = [
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "maxItems",
  "uniqueItems",
  "pattern",
  "default",
  "oneOf",
];

type Tool = NonNullable<Prompt["tools"]>[number];

function checkStrict(tool: Tool, index: number): void {
  if (tool.strict === true) checkSchema(tool.input_schema, `tools.${index}.input_schema`);
}

/** A strict schema names all that an object may have, in every depth. */
function checkSchema(schema: unknown, where: string): void {
  if (typeof schema !== "object" || schema === null) return;
  const keyword = Object.keys(schema).find((key) => notStrict.includes(key));
  if (keyword !== undefined) throw new Fault(400, `${where}: For strict tools, property '${keyword}' is not supported`);
  if ("type" in schema && schema.type === "object" && (!("additionalProperties" in schema) || schema.additionalProperties !== false))
    throw new Fault(400, `${where}: For strict tools, 'additionalProperties' must be explicitly set to false`);
  for (const [key, inner] of Object.entries(schema)) {
    if (key === "properties") checkProperties(inner, where);
    else checkSchema(inner, `${where}.${key}`);
  }
}

/** Names of properties are no keywords, even where they read like one. */
function checkProperties(properties: unknown, where: string): void {
  if (typeof properties !== "object" || properties === null) return;
  for (const [name, schema] of Object.entries(properties)) checkSchema(schema, `${where}.properties.${name}`);
}

function checkRoles(messages: readonly Message[]): void {
  if (messages[0]?.role !== "user") throw new Fault(400, "messages.0.role: the first message must be from the user");
  const talk = messages.map((message, index) => ({ message, index })).filter(({ message }) => message.role !== "system");
  for (const [position, { message, index }] of talk.entries()) {
    const role = talk[position - 1]?.message.role;
    if (role === "user" && message.role === "user")
      throw new Fault(400, `messages.${index}.role: roles must alternate between user and assistant`);
  }
}

function checkToolPairs(messages: readonly Message[]): void {
  for (const [index, message] of messages.entries()) {
    const asked = idsOf(message, "tool_use");
    const answers = idsOf(messages[index + 1], "tool_result");
    checkAnswered(asked, answers, index);
    if (index === 0) checkNoOrphans([], idsOf(message, "tool_result"), index);
    checkNoOrphans(asked, answers, index + 1);
  }
}

function checkAnswered(asked: readonly string[], answers: readonly string[], index: number): void {
  const missing = asked.filter((id) => !answers.includes(id));
  if (missing.length === 0) return;
  throw new Fault(
    400,
    `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(", ")}. ` +
      "Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
  );
}

function checkNoOrphans(asked: readonly string[], answers: readonly string[], index: number): void {
  const orphan = answers.find((id) => !asked.includes(id));
  if (orphan !== undefined) {
    throw new Fault(400, `messages.${index}.content: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${orphan}`);
  }
  const twice = answers.find((id, position) => answers.indexOf(id) !== position);
  if (twice !== undefined)
    throw new Fault(
      400,
      `messages.${index}.content: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${twice}`,
    );
}

function idsOf(message: Message | undefined, type: "tool_use" | "tool_result"): readonly string[] {
  if (message === undefined) return [];
  return blocksOf(message).flatMap((block) => {
    if (block.type === "tool_use" && type === "tool_use") return [block.id];
    return block.type === "tool_result" && type === "tool_result" ? [block.tool_use_id] : [];
  });
}

function checkUserText(messages: readonly Message[]): void {
  const cited = messages.findIndex(
    (message) => message.role === "user" && blocksOf(message).some((block) => block.type === "text" && block.citations),
  );
  if (cited >= 0) throw new Fault(400, `messages.${cited}.content: citations are not permitted on user text blocks`);
}
