import type { ServerResponse } from "node:http";
import type { Cut, Fault } from "../http/fault.ts";
import { StatusError, expired, statusBody } from "../http/status.ts";

/** Writes the lines of a watch, with the fault that a test asked for. */
export function lineWriter(response: ServerResponse, fault: Fault | undefined): (line: string) => void {
  if (fault?.kind === "edit") return editing(response, fault.edit);
  if (fault?.kind === "cut") return cutting(response, fault);
  return (line) => response.write(line);
}

function editing(response: ServerResponse, edit: (line: string, index: number) => readonly string[]): (line: string) => void {
  let index = 0;
  return (line) => {
    for (const changed of edit(line, index)) response.write(changed);
    index += 1;
  };
}

function cutting(
  response: ServerResponse,
  { afterLines, how }: { readonly afterLines: number; readonly how: Cut },
): (line: string) => void {
  let sent = 0;
  return (line) => {
    if (sent < afterLines) response.write(line);
    else if (sent === afterLines) cut(response, how, line);
    sent += 1;
  };
}

const brokenStatus = new StatusError({
  code: 500,
  reason: "InternalError",
  message: "Internal error occurred: etcd event received with a fault",
});

function errorLine(error: StatusError): string {
  return `${JSON.stringify({ type: "ERROR", object: statusBody(error) })}\n`;
}

/** Milliseconds that a client has to read what was sent, for a reset discards what it has not read. */
const readingTime = 50;

function resetLater(response: ServerResponse): void {
  setTimeout(() => response.socket?.resetAndDestroy(), readingTime);
}

function cut(response: ServerResponse, how: Cut, line: string): void {
  const half = line.slice(0, Math.floor(line.length / 2));
  const acts: Readonly<Record<Cut, () => void>> = {
    silence: () => undefined,
    reset: () => resetLater(response),
    resetMidLine: () => response.write(half, () => resetLater(response)),
    halfLine: () => response.end(half),
    close: () => response.end(),
    expired: () => response.end(errorLine(expired("too old resource version"))),
    error: () => response.end(errorLine(brokenStatus)),
  };
  acts[how]();
}
