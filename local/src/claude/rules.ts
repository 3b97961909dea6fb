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
  checkRoles(request.messages);
  checkToolPairs(request.messages);
  checkUserText(request.messages);
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
