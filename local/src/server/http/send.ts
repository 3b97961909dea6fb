import type { ServerResponse } from "node:http";
import type { Answer } from "./exchange.ts";
import { StatusError, internalError, statusBody } from "./status.ts";

function warningHeader(text: string): string {
  return `299 - "${text.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll(/[^\t\u0020-\u007E]/g, "?")}"`;
}

export function send(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const body = Buffer.from(answer.body);
  const warnings = answer.warnings ?? [];
  if (warnings.length > 0) response.setHeader("warning", warnings.map(warningHeader));
  response.writeHead(answer.code, {
    "content-type": answer.contentType ?? "application/json",
    "content-length": body.length,
    "cache-control": "no-cache, private",
    ...answer.headers,
  });
  response.end(body);
}

/** Any error as the Status that a client gets. */
export function statusOf(error: unknown): StatusError {
  return error instanceof StatusError ? error : internalError(error);
}

export function sendError(response: ServerResponse, error: StatusError, retryAfterSeconds?: number): void {
  const headers = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  send(response, { code: error.code, body: JSON.stringify(statusBody(error)), headers });
}
