import type { Answer } from "./answer.ts";

/** One server-sent event. */
export interface StreamEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A number in [0, 1). */
export type Random = () => number;

/** Seeded, so that one conversation is cut into the same pieces each time (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The event stream of an answer; tool input comes as pieces of JSON, cut short when the answer hit max_tokens. */
export function eventsOf(answer: Answer, random: Random): readonly StreamEvent[] {
  const { content, stop_reason, stop_sequence, stop_details, usage, ...head } = answer;
  const start = { ...usage, output_tokens: 1, output_tokens_details: null };
  return [
    { type: "message_start", message: { ...head, content: [], stop_reason: null, stop_sequence: null, stop_details: null, usage: start } },
    { type: "ping" },
    ...content.flatMap((block, index) =>
      blockEvents(block, { index, random, cut: stop_reason === "max_tokens" && index === content.length - 1 }),
    ),
    { type: "message_delta", delta: { stop_reason, stop_sequence, stop_details }, usage },
    { type: "message_stop" },
  ];
}

interface Place {
  readonly index: number;
  readonly random: Random;
  readonly cut: boolean;
}

function blockEvents(block: Answer["content"][number], place: Place): readonly StreamEvent[] {
  const { index } = place;
  const delta = (body: object): StreamEvent => ({ type: "content_block_delta", index, delta: body });
  return [
    { type: "content_block_start", index, content_block: emptied(block) },
    ...deltas(block, place).map(delta),
    ...(place.random() < 0.2 ? [{ type: "ping" }] : []),
    { type: "content_block_stop", index },
  ];
}

function emptied(block: Answer["content"][number]): object {
  if (block.type === "text") return { ...block, text: "" };
  return block.type === "thinking" ? { ...block, thinking: "", signature: "" } : { ...block, input: {} };
}

function deltas(block: Answer["content"][number], { random, cut }: Place): readonly object[] {
  const whole = (text: string): string => (cut ? text.slice(0, Math.ceil(text.length / 2)) : text);
  if (block.type === "text") return pieces(whole(block.text), random).map((text) => ({ type: "text_delta", text }));
  if (block.type === "tool_use") {
    return ["", ...pieces(whole(JSON.stringify(block.input)), random)].map((partial_json) => ({ type: "input_json_delta", partial_json }));
  }
  const thinking = pieces(block.thinking, random).map((text) => ({ type: "thinking_delta", thinking: text }));
  return [...thinking, { type: "signature_delta", signature: block.signature }];
}

/** Cuts a text into random pieces of at most 40 characters, never inside one. */
function pieces(text: string, random: Random): readonly string[] {
  const characters = Array.from(text);
  const result: string[] = [];
  for (let at = 0; at < characters.length;) {
    const length = 1 + Math.floor(random() * 40);
    result.push(characters.slice(at, at + length).join(""));
    at += length;
  }
  return result;
}

/** The wire form of an event. */
export function encode(event: StreamEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
