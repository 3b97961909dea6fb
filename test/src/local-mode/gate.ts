import { once } from "node:events";
import { Agent, createServer, request as send } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { patience } from "./settings.ts";

/** One request that came through a gate, and what became of it so far. */
export interface Exchange {
  /** Who asked: the name of the gate. */
  readonly from: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  /** Undefined while there is no answer, and for ever when the other side was away. */
  status?: number;
  /** What was answered; empty for a watch. */
  answer: string;
}

/** `before`: the request has not reached the server. `during`: a part of its answer was passed on. `after`: it was carried out, and nobody was told. */
export type Moment = "before" | "during" | "after";

/** One request that is held until it is let go. When its sender dies meanwhile, it goes no further. */
export interface Hold {
  /** The request that is held; rejects after that many seconds, by default two minutes. */
  readonly reached: (seconds?: number) => Promise<Exchange>;
  readonly release: () => void;
  /** Breaks the connection, as a server does that dies. */
  readonly drop: () => void;
}

interface Wanted {
  readonly moment: Moment;
  readonly fits: (exchange: Exchange) => boolean;
  /** The last text of an answer that is passed on before it is held. */
  readonly until: string;
  readonly arrive: (exchange: Exchange) => void;
  /** Rejects when the connection is to break. */
  readonly released: Promise<void>;
}

/** A reverse proxy that writes down what passes and can hold single requests, so that a test knows the moment. */
export class Gate {
  readonly name: string;
  readonly exchanges: Exchange[] = [];
  readonly #server: Server;
  readonly #upstream: () => string;
  readonly #agent = new Agent({ keepAlive: true });
  #wanted: readonly Wanted[] = [];

  private constructor(name: string, upstream: () => string) {
    this.name = name;
    this.#upstream = upstream;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** `upstream` is asked anew for each request, since a restarted server may have moved. Listens on loopback, or on the given address. */
  static async open(name: string, upstream: () => string, address = "127.0.0.1"): Promise<Gate> {
    const gate = new Gate(name, upstream);
    gate.#server.listen(0, address);
    await once(gate.#server, "listening");
    return gate;
  }

  get url(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return `http://${address}:${port}`;
  }

  /** Holds the next request that fits; `during`: behind that text of its answer. */
  hold(moment: Moment, fits: (exchange: Exchange) => boolean, until = ""): Hold {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<Exchange>();
    const { promise: released, resolve: release, reject } = Promise.withResolvers<void>();
    released.catch(() => undefined);
    this.#wanted = [...this.#wanted, { moment, fits, until, arrive, released }];
    return {
      reached: (seconds = patience.seconds) =>
        within(arrived, seconds, `a request at the gate of ${this.name}, to be held ${moment} it is carried out`),
      release: () => release(),
      drop: () => reject(new Error("dropped")),
    };
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
    if (this.#server.listening) await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    try {
      const url = new URL(request.url ?? "/", "http://gate");
      const { method = "GET" } = request;
      const body = await text(request);
      const exchange: Exchange = { from: this.name, method, path: url.pathname, query: url.searchParams, body, answer: "" };
      this.exchanges.push(exchange);
      await this.#waitAt("before", exchange, gone.signal);
      if (gone.signal.aborted) return;
      const answer = await this.#ask(request, body, gone.signal);
      exchange.status = answer.statusCode ?? 0;
      await this.#pass(exchange, answer, response, gone.signal);
    } catch {
      // As a server that died: the connection breaks.
      response.destroy();
    }
  }

  #ask(request: IncomingMessage, body: string, signal: AbortSignal): Promise<IncomingMessage> {
    const { method, headers } = request;
    return new Promise((resolve, reject) => {
      const options = { method, headers, agent: this.#agent, signal };
      send(new URL(request.url ?? "/", this.#upstream()), options, resolve)
        .once("error", reject)
        .end(body);
    });
  }

  async #pass(exchange: Exchange, answer: IncomingMessage, response: ServerResponse, gone: AbortSignal): Promise<void> {
    const isWatch = exchange.query.has("watch");
    const held: Buffer[] | undefined = this.#find("after", exchange) === undefined ? undefined : [];
    if (held === undefined) response.writeHead(answer.statusCode ?? 502, answer.headers);
    if (isWatch) response.flushHeaders();
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      // A character for each byte: chunks end anywhere, and lengths must agree.
      if (!isWatch) exchange.answer += chunk.toString("latin1");
      if (held === undefined) await this.#passPart(exchange, chunk, response, gone);
      else held.push(chunk);
    }
    exchange.answer = Buffer.from(exchange.answer, "latin1").toString("utf8");
    if (held !== undefined) {
      await this.#waitAt("after", exchange, gone);
      if (gone.aborted) return;
      response.writeHead(answer.statusCode ?? 502, answer.headers);
    }
    response.end(held === undefined ? undefined : Buffer.concat(held));
  }

  /** Stops behind the text at which the answer is to be held. */
  async #passPart(exchange: Exchange, chunk: Buffer, response: ServerResponse, gone: AbortSignal): Promise<void> {
    const until = this.#find("during", exchange)?.until;
    const end = until === undefined ? -1 : exchange.answer.indexOf(until);
    if (until === undefined || end === -1) return void response.write(chunk);
    const kept = exchange.answer.length - (end + until.length);
    response.write(chunk.subarray(0, chunk.length - kept));
    await this.#waitAt("during", exchange, gone);
    if (!gone.aborted) response.write(chunk.subarray(chunk.length - kept));
  }

  #find(moment: Moment, exchange: Exchange): Wanted | undefined {
    return this.#wanted.find((wanted) => wanted.moment === moment && wanted.fits(exchange));
  }

  async #waitAt(moment: Moment, exchange: Exchange, gone: AbortSignal): Promise<void> {
    const wanted = this.#find(moment, exchange);
    if (wanted === undefined) return;
    this.#wanted = this.#wanted.filter((other) => other !== wanted);
    wanted.arrive(exchange);
    await Promise.race([wanted.released, gone.aborted ? undefined : once(gone, "abort")]);
  }
}

async function within<T>(promise: Promise<T>, seconds: number, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`waited ${seconds} s in vain: ${what}`)), seconds * 1000);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
