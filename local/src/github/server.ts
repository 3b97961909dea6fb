import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { buffer } from "node:stream/consumers";
import type { Answer } from "./answer.ts";
import { textAnswer } from "./answer.ts";
import type { Call } from "./call.ts";
import type { Door } from "./door.ts";
import type { Fault, Faults } from "./script/fault.ts";
import type { Holds, Moment } from "./script/hold.ts";
import type { Journal, RequestEntry } from "./journal.ts";

/** Names the stand-in in every answer, so that nobody takes it for GitHub. */
const standInHeader = "x-codybatch-stand-in";

interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** What the server needs of the stand-in. */
export interface Backstage {
  readonly door: Door;
  readonly faults: Faults;
  readonly holds: Holds;
  readonly journal: Journal;
  readonly log: Logger;
  readonly now: () => number;
  /** Called after each request that may have changed something, before it is answered. */
  readonly written: () => Promise<void>;
}

/** Serves requests; each is written down, held, broken or answered. */
export function serverOf(backstage: Backstage): Server {
  return createServer((request, response) => void new Visit(backstage, request, response).go());
}

class Visit {
  readonly #backstage: Backstage;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #gone = new AbortController();

  constructor(backstage: Backstage, request: IncomingMessage, response: ServerResponse) {
    this.#backstage = backstage;
    this.#request = request;
    this.#response = response;
    response.once("close", () => this.#gone.abort());
  }

  async go(): Promise<void> {
    try {
      await this.#visit();
    } catch (error) {
      // The client died while it still spoke: nothing was understood, so nothing was done.
      if (!this.#request.complete) return;
      this.#backstage.log.warn({ cause: String(error), path: this.#request.url }, "the stand-in for GitHub failed");
      this.#backstage.journal.mistakes.push(String(error));
      this.#send(textAnswer(500, "internal error of the stand-in for GitHub\n"));
    }
  }

  async #visit(): Promise<void> {
    const { door, faults, holds, journal, now } = this.#backstage;
    const call = door.understand(this.#request, await buffer(this.#request));
    const entry: RequestEntry = { ...noted(call), at: now(), early: door.isEarly(call, now()) };
    journal.requests.push(entry);
    if (!(await holds.pass("before", call, this.#gone.signal))) return void this.#break();
    const fault = faults.next(call);
    const before = await this.#strike(fault, "before");
    if (before === "lost") return;
    const answer = before ?? (await door.answer(call));
    const after = await this.#strike(fault, "after");
    if (after === "lost") return;
    if (call.writes) await this.#backstage.written();
    if (!(await holds.pass("after", call, this.#gone.signal))) return void this.#break();
    const given = after ?? answer;
    entry.status = given.status;
    const waitUntil = door.heed(call, given, now());
    if (waitUntil !== undefined) entry.waitUntil = waitUntil;
    this.#backstage.log.info({ operation: call.operation, token: call.token, status: given.status }, "answered as GitHub would");
    this.#send(given);
  }

  /** What a fault makes of this moment: an answer of its own, no answer at all, or nothing. */
  async #strike(fault: Fault | undefined, moment: Moment): Promise<Answer | "lost" | undefined> {
    if (fault === undefined || fault.at !== moment) return undefined;
    const { status, reset, hang, slowMs } = fault;
    if (reset === true) return this.#break();
    if (hang === true) return "lost";
    if (slowMs !== undefined) await pause(slowMs, undefined, { signal: this.#gone.signal }).catch(() => undefined);
    return status === undefined ? undefined : scripted(status, fault);
  }

  #break(): "lost" {
    this.#request.socket.resetAndDestroy();
    return "lost";
  }

  #send({ status, headers, body }: Answer): void {
    if (this.#response.headersSent || this.#response.destroyed) return;
    const own = { [standInHeader]: "github", "x-github-request-id": randomBytes(8).toString("hex").toUpperCase() };
    this.#response.writeHead(status, { ...headers, ...own, "content-length": body.length });
    this.#response.end(this.#request.method === "HEAD" ? undefined : body);
  }
}

function noted({ method, path, query, operation, repository, token, writes }: Call): Omit<RequestEntry, "at" | "early"> {
  const search = query.toString();
  return { method, path: search === "" ? path : `${path}?${search}`, operation, repository, token, writes };
}

function scripted(status: number, { message = "scripted by the stand-in for GitHub", retryAfterSeconds }: Fault): Answer {
  const body = { message, documentation_url: "https://docs.github.com/rest", status: String(status) };
  const headers = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  return { status, headers: { ...headers, "content-type": "application/json; charset=utf-8" }, body: Buffer.from(JSON.stringify(body)) };
}
