import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { z } from "zod";
import { PromptCache, countTokens } from "./cache.ts";
import { Fault, errorBody, errorType, schemaFault } from "./fault.ts";
import { replyTo } from "./reply.ts";
import type { Memory } from "./reply.ts";
import { CountRequest } from "./request.ts";
import { checkRules } from "./rules.ts";
import type { Scenario } from "./scenario.ts";
import { sendMessage } from "./stream.ts";
import { listen } from "../loopback/listen.ts";

export const anthropicVersion = "2026-10-21";
/** Names the scenario in every response, so that nobody takes the answer for Claude's. */
export const standInHeader = "x-codybatch-stand-in";
/** Largest request body, as the API's. */
const maxBodyBytes = 32 * 1024 * 1024;

interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface ClaudeOptions {
  readonly scenarios: readonly Scenario[];
  readonly log: Logger;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly now?: () => number;
}

export interface Claude {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts the scripted stand-in for the Claude API on 127.0.0.1. */
export async function startClaude(options: ClaudeOptions): Promise<Claude> {
  const memory: Memory = { cache: new PromptCache(), faults: new Map() };
  const server = createServer(
    (request, response) => void serve({ request, response, options, memory, requestID: `req_${randomBytes(12).toString("hex")}` }),
  );
  const port = await listen(server, options.port ?? 0);
  return { url: `http://127.0.0.1:${port}`, port, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly options: ClaudeOptions;
  readonly memory: Memory;
  readonly requestID: string;
}

async function serve(exchange: Exchange): Promise<void> {
  const { request, response, options, requestID } = exchange;
  response.setHeader("request-id", requestID);
  response.setHeader(standInHeader, "none");
  try {
    await route(exchange);
  } catch (error) {
    const fault = error instanceof Fault ? error : new Fault(500, "internal error of the stand-in");
    options.log.warn(
      { requestID, status: fault.status, cause: error instanceof Fault ? fault.message : String(error), path: request.url },
      "refused a request",
    );
    sendFault(response, fault, requestID);
  }
}

async function route(exchange: Exchange): Promise<void> {
  const { request } = exchange;
  const path = new URL(request.url ?? "/", "http://stand-in").pathname;
  if (path !== "/v1/messages" && path !== "/v1/messages/count_tokens") throw new Fault(404, `not found: ${path}`);
  if (request.method !== "POST") throw new Fault(405, `method not allowed: ${request.method}`);
  checkHeaders(request);
  const body = await readBody(request);
  if (path.endsWith("/count_tokens")) sendCount(exchange.response, body);
  else await sendReply(exchange, body);
}

function checkHeaders({ headers }: IncomingMessage): void {
  if (!/^Bearer \S+$/.test(headers.authorization ?? "")) {
    const old = headers["x-api-key"] === undefined ? "" : " x-api-key is no longer accepted.";
    throw new Fault(401, `Authorization: Bearer <key> is required.${old}`);
  }
  if (headers["anthropic-version"] !== anthropicVersion) {
    throw new Fault(400, `anthropic-version: "${String(headers["anthropic-version"] ?? "")}" is not ${anthropicVersion}`);
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = z.instanceof(Buffer).parse(chunk);
    size += bytes.length;
    if (size > maxBodyBytes) throw new Fault(413, `request exceeds the maximum size of ${maxBodyBytes} bytes`);
    chunks.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new Fault(400, "the request body is not valid JSON");
  }
}

function sendCount(response: ServerResponse, body: unknown): void {
  const parsed = CountRequest.safeParse(body);
  if (!parsed.success) throw schemaFault(parsed.error);
  checkRules(parsed.data);
  sendJSON(response, 200, { input_tokens: countTokens(parsed.data) });
}

async function sendReply(exchange: Exchange, body: unknown): Promise<void> {
  const { response, options, memory, requestID } = exchange;
  const now = options.now ?? Date.now;
  const named = (scenario: string): void => void response.setHeader(standInHeader, scenario);
  const reply = replyTo(body, { scenarios: options.scenarios, memory, now: now(), named });
  options.log.info({ requestID, scenario: reply.scenario, stop: reply.answer.stop_reason, breaks: reply.breaks }, "answered from a script");
  await sendMessage(response, reply, requestID);
}

function sendFault(response: ServerResponse, fault: Fault, requestID: string): void {
  if (response.headersSent) return void response.destroy();
  if (fault.retryAfter !== undefined) response.setHeader("retry-after", String(fault.retryAfter));
  sendJSON(response, fault.status, errorBody(errorType(fault.status), fault.message, requestID, fault.errorCode));
}

function sendJSON(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
