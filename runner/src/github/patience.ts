import { setTimeout as wait } from "node:timers/promises";
import type { Log } from "../log.ts";
import { RateLimited, Unavailable } from "./fault.ts";

export interface PatienceOptions {
  readonly host: string;
  /** Longest single wait for a limit; a longer one ends the Job. */
  readonly maxWaitMs: number;
  /** First wait after a fault of the host; doubles each time. */
  readonly retryMs: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly log: Log;
}

const mostAttempts = 4;
/** A host that limits again and again is left to the operator. */
const mostLimits = 5;

/** Whether a request may be sent again after nobody knows what became of it. */
export type Repeat = "repeatable" | "once";

/** Sends requests, none of them before the time that the host has last told. */
export class Patience {
  readonly #options: PatienceOptions;
  #until = 0;
  #limits = 0;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /** Does it, again where that is safe. Throws {@link RateLimited} when the wait is too long, or the last fault. */
  async attempt<T>(repeat: Repeat, action: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      await this.#sleepUntil(this.#until);
      try {
        return await action();
      } catch (error) {
        if (error instanceof RateLimited) this.#limited(error);
        else if (!(error instanceof Unavailable) || repeat === "once" || attempt >= mostAttempts) throw error;
        else await this.rest(attempt);
      }
    }
  }

  /** The wait after the attempt of that number, from 1. */
  async rest(attempt: number): Promise<void> {
    const { log, now, retryMs } = this.#options;
    log.warn({ attempt }, "the host failed; it is asked again");
    await this.#sleepUntil(now() + retryMs * 2 ** (attempt - 1));
  }

  #limited(limit: RateLimited): void {
    const { log, maxWaitMs, now } = this.#options;
    this.#limits += 1;
    this.#until = Math.max(this.#until, limit.until);
    if (limit.until - now() > maxWaitMs || this.#limits > mostLimits) throw limit;
    log.warn({ waitMs: limit.until - now() }, "the host limits; its time is waited for");
  }

  /** A timer may go off early by a little. */
  async #sleepUntil(until: number): Promise<void> {
    const { now, signal } = this.#options;
    for (let left = until - now(); left > 0; left = until - now()) await wait(Math.ceil(left), undefined, { signal });
  }
}
