import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setImmediate as nextTick, setTimeout as wait } from "node:timers/promises";
import { encode, eventsOf, seeded } from "./events.ts";
import type { Random, StreamEvent } from "./events.ts";
import { errorBody } from "./fault.ts";
import type { Reply } from "./reply.ts";

/** How often a waiting stream shows that it lives, in milliseconds. */
const pingEveryMs = 5000;

/** Sends a reply, as one JSON body or as an event stream cut at random bytes. Ends early when the client goes away. */
export async function sendMessage(response: ServerResponse, reply: Reply, requestID: string): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  if (reply.stream) return await sendStream(response, { reply, requestID, gone: gone.signal });
  await pause(response, reply.delayMs, gone.signal);
  if (reply.breaks !== undefined) return void response.destroy();
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(reply.answer));
}

interface Sending {
  readonly reply: Reply;
  readonly requestID: string;
  readonly gone: AbortSignal;
}

async function sendStream(response: ServerResponse, { reply, requestID, gone }: Sending): Promise<void> {
  const random = seeded(reply.seed);
  const events = eventsOf(reply.answer, random);
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
  await writeCut(response, events.slice(0, 2), random);
  await pause(response, reply.delayMs, gone);
  if (reply.breaks === undefined) {
    await writeCut(response, events.slice(2), random);
    return void response.end();
  }
  await writeCut(response, events.slice(2, Math.ceil(events.length / 2)), random);
  await breakOff(response, reply.breaks, { requestID, gone });
}

async function breakOff(
  response: ServerResponse,
  breaks: NonNullable<Reply["breaks"]>,
  { requestID, gone }: Pick<Sending, "requestID" | "gone">,
): Promise<void> {
  if ("truncate" in breaks) return void response.destroy();
  if ("stall" in breaks) return void (gone.aborted || (await once(gone, "abort")));
  const body = errorBody(breaks.midStreamError, `scripted ${breaks.midStreamError}`, requestID);
  response.end(encode({ ...body, type: "error" }));
}

async function pause(response: ServerResponse, delayMs: number, gone: AbortSignal): Promise<void> {
  for (let left = delayMs; left > 0 && !gone.aborted; left -= pingEveryMs) {
    await wait(Math.min(left, pingEveryMs), undefined, { signal: gone }).catch(() => undefined);
    if (response.headersSent && left > pingEveryMs) response.write(encode({ type: "ping" }));
  }
}

/** Writes events in pieces that end anywhere, in the middle of a line or of a character too. */
async function writeCut(response: ServerResponse, events: readonly StreamEvent[], random: Random): Promise<void> {
  const bytes = Buffer.from(events.map(encode).join(""));
  for (let at = 0; at < bytes.length && !response.destroyed;) {
    const length = 1 + Math.floor(random() * 700);
    response.write(bytes.subarray(at, at + length));
    at += length;
    await nextTick();
  }
}
