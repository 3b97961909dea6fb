import { Octokit } from "@octokit/rest";
import { fetch as send } from "undici";
import { z } from "zod";
import type { Network } from "../clone/config.ts";
import { connections } from "../clone/network.ts";
import { Answered, CredentialRejected, RateLimited, Unavailable } from "./fault.ts";
import { limitedUntil } from "./limit.ts";
import type { Patience, Repeat } from "./patience.ts";

/** Another way than a token to sign in, in the client's words. */
export type SignIn = Required<Pick<NonNullable<ConstructorParameters<typeof Octokit>[0]>, "authStrategy" | "auth">>;

export interface HostOptions {
  readonly apiURL: string;
  readonly token: string | SignIn;
  readonly network: Network;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const requestMs = 30_000;

/** GitHub's REST API with our policy in place of a plug-in's: what is sent again, and when. Dispose to close its connections. */
export class Host implements AsyncDisposable {
  readonly #options: HostOptions;
  readonly #octokit: Octokit;
  readonly #connections: ReturnType<typeof connections>;
  #requests = 0;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#connections = connections(options.network);
    this.#octokit = new Octokit({
      ...(typeof options.token === "string" ? { auth: options.token } : options.token),
      baseUrl: options.apiURL,
      userAgent: "cody-batch",
      log: silent,
      request: { fetch: this.#fetch.bind(this) },
    });
  }

  /** Requests sent so far, those included that came to nothing. */
  get requests(): number {
    return this.#requests;
  }

  /** Sends one request and reads its answer. Throws {@link Answered}, CredentialRejected, RateLimited or Unavailable. */
  async ask<T extends z.ZodType>(
    form: T,
    repeat: Repeat,
    call: (octokit: Octokit) => Promise<{ readonly data: unknown }>,
  ): Promise<z.output<T>> {
    return await this.#options.patience.attempt(repeat, async () => {
      try {
        const { data } = await call(this.#octokit);
        return form.parse(data);
      } catch (error) {
        throw this.#meaning(error);
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connections.destroy();
  }

  async #fetch(url: string, init: Parameters<typeof send>[1]) {
    this.#requests += 1;
    const signal = AbortSignal.any([this.#options.signal, AbortSignal.timeout(requestMs)]);
    return await send(url, { ...init, signal, dispatcher: this.#connections });
  }

  #meaning(error: unknown): unknown {
    const { host } = new URL(this.#options.apiURL);
    if (this.#options.signal.aborted) return this.#options.signal.reason;
    if (error instanceof z.ZodError) return new Unavailable(`${host} answers, but not as GitHub does`, { cause: error });
    const { data: told } = Failure.safeParse(error);
    if (told?.response === undefined) return new Unavailable(`${host} does not answer`, { cause: error });
    const { status, message, response } = told;
    const until = limitedUntil({ status, headers: response.headers, message }, this.#options.now());
    if (until !== undefined) return new RateLimited(host, until, { cause: error });
    if (status >= 500 || status === 408) return new Unavailable(`${host} answers ${status}`, { cause: error });
    if (status === 401) return new CredentialRejected(host, { cause: error });
    return new Answered(status, message.slice(0, 500), { cause: error });
  }
}

/** What of the client's error is used. Without a response there was no answer. */
const Failure = z.object({
  status: z.int(),
  message: z.string(),
  response: z.object({ headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()) }).optional(),
});
