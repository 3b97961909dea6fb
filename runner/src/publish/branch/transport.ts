import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type GitOptions, GitError } from "../../git/index.ts";
import { RateLimited, Unavailable } from "../../github/fault.ts";
import { limitedUntil } from "../../github/limit.ts";
import type { Patience, Repeat } from "../../github/patience.ts";
import { Refused } from "../fault.ts";
import { notOwned } from "../host/repository.ts";
import { lastAnswer } from "./trace.ts";

export interface TransportOptions {
  readonly url: string;
  readonly patience: Patience;
  /** Home, time-out, network; no git directory. What is fetched goes to `objects`, which may be large. */
  readonly options: GitOptions & { readonly home: string; readonly objects: string };
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** Git's conversations with the host. */
export class Transport {
  readonly #options: TransportOptions;
  #requests = 0;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  get url(): string {
    return this.#options.url;
  }

  /** Settings for git without the host. */
  get local(): TransportOptions["options"] {
    return this.#options.options;
  }

  /** Processes of git that spoke to the host. */
  get requests(): number {
    return this.#requests;
  }

  /** Runs a command of git that speaks to the host. Throws GitError for what git says itself, else Refused, RateLimited or Unavailable. */
  async speak<T>(repeat: Repeat, command: (options: GitOptions) => Promise<T>): Promise<T> {
    const { options, patience } = this.#options;
    const trace = join(options.home, "trace");
    return await patience.attempt(repeat, async () => {
      this.#requests += 1;
      await rm(trace, { force: true });
      try {
        return await command({ ...options, env: { ...options.env, GIT_TRACE_CURL: trace, GIT_TRACE_CURL_NO_DATA: "1" } });
      } catch (error) {
        throw error instanceof GitError ? await this.#meaning(error, trace) : error;
      }
    });
  }

  async #meaning(error: GitError, trace: string): Promise<unknown> {
    const { now, signal, url } = this.#options;
    if (signal.aborted) return signal.reason;
    const { host } = new URL(url);
    const { status, headers } = (await lastAnswer(trace)) ?? { status: 0, headers: {} };
    const until = limitedUntil({ status, headers, message: error.stderr }, now());
    if (until !== undefined) return new RateLimited(host, until, { cause: error });
    if (status === 401) return credentialRejected(host, error);
    if (status === 403 || status === 404) return notOwned(`The write credential may not push to ${url} (${status})`);
    // With 200 it is git that has something to say.
    if (status === 200 && !/remote end hung up|unexpected disconnect|early EOF|RPC failed/i.test(error.stderr)) return error;
    const answered = status === 0 || status === 200 ? "broke off" : `answers ${status}`;
    return new Unavailable(`${host} ${answered} when git asked it`, { cause: error });
  }
}

function credentialRejected(host: string, cause: GitError): Refused {
  const words = `${host} does not accept the write credential for git: it is wrong, expired or revoked. Renew it in the write Secret, then publish again.`;
  return new Refused("CredentialRejected", words, { cause });
}
