import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_creation_input_tokens?: number;
  readonly cache_read_input_tokens?: number;
}

export type Block =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: unknown; readonly cutJSON?: string };

/** What the server does with one request. */
export type Reply =
  | {
      readonly kind: "message";
      readonly content: readonly Block[];
      readonly stop?: string;
      readonly usage?: Usage;
      readonly stopDetails?: unknown;
    }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly type: string;
      readonly code?: string;
      readonly headers?: Record<string, string>;
    }
  /** Sends the start of an answer, then an error event. */
  | { readonly kind: "midStreamError"; readonly type: string }
  /** Sends the start of an answer, then closes the connection. */
  | { readonly kind: "broken" }
  /** Ends an answer without its stop reason and last usage, as a gateway may that cuts off and closes in good order. */
  | { readonly kind: "unfinished" }
  /** Sends headers and the start, then nothing more. */
  | { readonly kind: "stall" };

export interface SeenRequest {
  readonly body: RequestBody;
  readonly raw: string;
  readonly headers: IncomingMessage["headers"];
}

interface RequestBody {
  readonly model: string;
  readonly max_tokens: number;
  readonly system: unknown;
  readonly tools: readonly { readonly name: string; readonly strict?: boolean; readonly input_schema: Record<string, unknown> }[];
  readonly messages: readonly { readonly role: string; readonly content: readonly Record<string, unknown>[] }[];
  readonly [key: string]: unknown;
}

/** Chooses the reply to the request of this number, counted from 0. */
export type Script = (index: number, request: SeenRequest) => Reply | Promise<Reply>;

export interface Api extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
}

/** A tiny server that speaks the Messages API's streaming protocol from a script. */
export async function startApi(script: Script): Promise<Api> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, requests, script);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, requests: SeenRequest[], script: Script): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks).toString("utf8");
  const seen = { raw, body: JSON.parse(raw) as RequestBody, headers: request.headers };
  requests.push(seen);
  const reply = await script(requests.length - 1, seen);
  if (reply.kind === "status") {
    response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
    const details = reply.code === undefined ? {} : { details: { error_code: reply.code } };
    response.end(JSON.stringify({ type: "error", error: { type: reply.type, message: "scripted", ...details } }));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream", "x-codybatch-stand-in": "test" });
  if (reply.kind === "message") return sendMessage(response, reply, requests.length);
  send(response, "message_start", { message: startOf(requests.length, { input_tokens: 10, output_tokens: 1 }) });
  if (reply.kind === "midStreamError") {
    send(response, "error", { error: { type: reply.type, message: "scripted" } });
    response.end();
  }
  if (reply.kind === "unfinished") {
    sendBlock(response, 0, { type: "text", text: "All d" });
    send(response, "message_stop", {});
  }
  if (reply.kind === "broken" || reply.kind === "unfinished") response.end();
}

function sendMessage(response: ServerResponse, reply: Extract<Reply, { kind: "message" }>, number: number): void {
  const usage = reply.usage ?? { input_tokens: 100, output_tokens: 50 };
  send(response, "message_start", { message: startOf(number, { ...usage, output_tokens: 1 }) });
  send(response, "ping", {});
  for (const [index, block] of reply.content.entries()) sendBlock(response, index, block);
  const stop = reply.stop ?? (reply.content.some((block) => block.type === "tool_use") ? "tool_use" : "end_turn");
  const delta = { stop_reason: stop, stop_sequence: null, ...(reply.stopDetails === undefined ? {} : { stop_details: reply.stopDetails }) };
  send(response, "message_delta", { delta, usage: { output_tokens: usage.output_tokens } });
  send(response, "message_stop", {});
  response.end();
}

function sendBlock(response: ServerResponse, index: number, block: Block): void {
  if (block.type === "text") {
    send(response, "content_block_start", { index, content_block: { type: "text", text: "" } });
    send(response, "content_block_delta", { index, delta: { type: "text_delta", text: block.text } });
  } else {
    const { id, name } = block;
    const json = block.cutJSON ?? JSON.stringify(block.input);
    const half = Math.floor(json.length / 2);
    send(response, "content_block_start", { index, content_block: { type: "tool_use", id, name, input: {} } });
    for (const part of [json.slice(0, half), json.slice(half)]) {
      send(response, "content_block_delta", { index, delta: { type: "input_json_delta", partial_json: part } });
    }
  }
  send(response, "content_block_stop", { index });
}

function startOf(number: number, usage: Usage): unknown {
  return {
    id: `msg_${number}`,
    type: "message",
    role: "assistant",
    model: "test",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
}

function send(response: ServerResponse, type: string, data: Record<string, unknown>): void {
  response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
}
