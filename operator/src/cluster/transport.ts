import { Agent } from "undici";
import type { Dispatcher } from "undici";
import type { Metrics } from "../metrics.ts";
import type { Endpoint } from "./endpoint.ts";
import { ConnectionError, refusal } from "./errors.ts";

export interface Request {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly accept?: string;
  readonly body?: object;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export interface TransportOptions {
  readonly endpoint: Endpoint;
  readonly metrics: Metrics;
  /** Milliseconds until a whole answer must have arrived; for a watch, its first line of headers. Default 30 s. */
  readonly timeout?: number;
  /** Most requests at the same time, watches not counted. Default 20. */
  readonly connections?: number;
  /** Told of every 429, so that the caller can hold back; seconds as the server asks, or 1. */
  readonly onThrottled?: (retryAfterSeconds: number) => void;
}

/** How long an unused connection is kept, in milliseconds: below the API server's own 90 s. With undici's 4 s, an idle operator's first Job waited for handshakes (58 instead of 35 ms, measured). */
const keepUnused = 60_000;

/** HTTP to one API server: credentials, pools, deadlines and errors by type. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #timeout: number;
  readonly #requests: Agent;
  /** Each watch holds its connection, so watches do not take from the pool of the requests. */
  readonly #watches: Agent;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#timeout = options.timeout ?? 30_000;
    // HTTP/2 costs the API server a quarter more CPU per write and Node a fifth of its rate (measured at 1,000 Jobs).
    const connect = { ...options.endpoint.tls, timeout: this.#timeout };
    const common = { allowH2: false, connect, headersTimeout: this.#timeout, keepAliveTimeout: keepUnused };
    this.#requests = new Agent({ ...common, connections: options.connections ?? 20, bodyTimeout: this.#timeout });
    this.#watches = new Agent({ ...common, bodyTimeout: 0 });
  }

  /** The parsed answer. Throws ApiError or ConnectionError. */
  async json(request: Request): Promise<unknown> {
    const deadline = new AbortController();
    const abort = (): void => deadline.abort();
    const timer = setTimeout(abort, this.#timeout);
    request.signal?.addEventListener("abort", abort, { once: true });
    if (request.signal?.aborted === true) abort();
    try {
      return await this.#counted(request, async () => {
        const answer = await this.#open({ ...request, signal: deadline.signal }, this.#requests);
        return { status: answer.statusCode, value: parse(await answer.body.text()) };
      });
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener("abort", abort);
    }
  }

  /** The answer's bytes as they come. Throws ApiError when refused; a break in the middle is a ConnectionError. */
  async stream(request: Request): Promise<AsyncIterable<Uint8Array>> {
    return this.#counted(request, async () => {
      const answer = await this.#open(request, this.#watches);
      return { status: answer.statusCode, value: bytes(answer.body) };
    });
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    await Promise.all([this.#requests.destroy(), this.#watches.destroy()]);
  }

  async #counted<V>(request: Request, exchange: () => Promise<{ status: number; value: V }>): Promise<V> {
    const { metrics } = this.#options;
    try {
      const { status, value } = await exchange();
      metrics.requests.inc({ method: request.method, code: String(status) });
      return value;
    } catch (error) {
      const failure = asFailure(error, request);
      metrics.requests.inc({ method: request.method, code: "status" in failure ? String(failure.status) : "<error>" });
      throw failure;
    }
  }

  /** A 401 is tried once more with credentials read anew: the token may have been rotated a moment ago. */
  async #open(request: Request, agent: Agent): Promise<Dispatcher.ResponseData> {
    const first = await this.#send(request, agent);
    if (first.statusCode !== 401) return this.#accept(first);
    await first.body.dump();
    this.#options.endpoint.expire();
    return this.#accept(await this.#send(request, agent));
  }

  async #send(request: Request, agent: Agent): Promise<Dispatcher.ResponseData> {
    const { url } = this.#options.endpoint;
    const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
    return agent.request({
      origin: url.origin,
      path: `${url.pathname.replace(/\/$/, "")}${request.path}${queryString(request.query)}`,
      method: request.method,
      headers: {
        ...(await this.#options.endpoint.headers()),
        accept: request.accept ?? "application/json",
        "user-agent": "cody-batch",
        ...(request.body === undefined ? {} : { "content-type": request.contentType ?? "application/json" }),
      },
      ...body,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
  }

  async #accept(answer: Dispatcher.ResponseData): Promise<Dispatcher.ResponseData> {
    if (answer.statusCode < 300) return answer;
    const header = answer.headers["retry-after"];
    const error = refusal(answer.statusCode, parseLoosely(await answer.body.text()), typeof header === "string" ? header : undefined);
    if (error.status === 429) this.#options.onThrottled?.(error.retryAfterSeconds ?? 1);
    throw error;
  }
}

function queryString(query: Request["query"]): string {
  const given = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`],
  );
  return given.length === 0 ? "" : `?${given.join("&")}`;
}

async function* bytes(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw new ConnectionError("the connection to the API server broke in the middle of a watch", { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConnectionError("the API server's answer is not JSON", { cause, code: "NotJSON" });
  }
}

function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asFailure(error: unknown, { method, path }: Request): Error {
  if (error instanceof Error && ("status" in error || error instanceof ConnectionError)) return error;
  return new ConnectionError(`no answer from the API server to ${method} ${path}`, { cause: error });
}
