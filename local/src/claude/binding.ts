import { createHash } from "node:crypto";
import { Fault } from "./fault.ts";
import { blocksOf } from "./request.ts";
import type { Message, Prompt } from "./request.ts";

/** Marks the tool_use ids that this stand-in gave. */
const ownToolID = "toolu_standin";

/** Ties an answer to all that came before it. Nothing is remembered: signature and ids carry the hash, so a restart forgets nothing. */
export interface Binding {
  signature(thinking: string): string;
  toolID(index: number): string;
}

export function bindingOf(prefix: string): Binding {
  return {
    signature: (thinking) => createHash("sha256").update(`thinking\0${prefix}\0${thinking}`).digest("base64"),
    toolID: (index) => `${ownToolID}${hash(`tool\0${prefix}\0${index}`).slice(0, 20)}`,
  };
}

/** Hash of system, tools and each longer run of messages: entry n covers the first n messages. */
export function prefixHashes(prompt: Prompt): readonly string[] {
  const hashes = [hash(stable([prompt.system, prompt.tools]))];
  for (const message of prompt.messages) hashes.push(hash(`${hashes.at(-1)}\0${stable(message)}`));
  return hashes;
}

/** Throws the API's 400 when system, tools or an earlier message is no longer what an answer was given to. */
export function checkBinding(prompt: Prompt, hashes: readonly string[]): void {
  for (const [index, message] of prompt.messages.entries()) {
    if (message.role === "assistant")
      checkMessage(message, bindingOf(hashes[index] ?? ""), { index, thinks: prompt.thinking?.type !== "disabled" });
  }
}

function checkMessage(message: Message, binding: Binding, { index, thinks }: { readonly index: number; readonly thinks: boolean }): void {
  const blocks = blocksOf(message);
  const where = (block: number): string => `messages.${index}.content.${block}`;
  const ownTools = blocks.filter((block) => block.type === "tool_use" && block.id.startsWith(ownToolID));
  if (ownTools.length > 0 && thinks && blocks[0]?.type !== "thinking") {
    throw new Fault(
      400,
      `${where(0)}.type: Expected \`thinking\`, but found \`${blocks[0]?.type}\`. Send back the assistant's content as it was received.`,
    );
  }
  for (const [position, block] of blocks.entries()) {
    if (block.type === "thinking" && block.signature !== binding.signature(block.thinking)) throw foreign(where(position));
  }
  for (const [position, block] of ownTools.entries()) {
    if (block.type === "tool_use" && block.id !== binding.toolID(position)) throw foreign(`messages.${index}`);
  }
}

function foreign(where: string): Fault {
  return new Fault(
    400,
    `${where}: The block is bound to a different conversation. system, tools and all earlier messages must be sent byte for byte as they were when it was made.`,
  );
}

/** JSON without cache marks: where to cache is no part of what was said. */
export function stable(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => (key === "cache_control" ? undefined : inner)) ?? "";
}

export function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
