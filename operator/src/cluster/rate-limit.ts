import type { Clock } from "./clock.ts";

/** client-go's default limits for a controller's queue. */
export interface RateLimits {
  /** First delay of a key that failed, in milliseconds; doubles with each failure. */
  readonly baseDelay: number;
  readonly maxDelay: number;
  /** All keys together, a second. */
  readonly perSecond: number;
  readonly burst: number;
}

const defaultRateLimits: RateLimits = { baseDelay: 5, maxDelay: 1_000_000, perSecond: 10, burst: 100 };

/** How long a key has to wait: the longer of its own exponential delay and its turn in the bucket that all share. */
export class RateLimiter {
  readonly #limits: RateLimits;
  readonly #clock: Clock;
  readonly #failures = new Map<string, number>();
  #tokens: number;
  #filledAt: number;

  constructor(clock: Clock, limits: RateLimits = defaultRateLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#tokens = limits.burst;
    this.#filledAt = clock.now();
  }

  /** Milliseconds; counts as one more failure of this key. */
  delay(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const own = Math.min(this.#limits.baseDelay * 2 ** failures, this.#limits.maxDelay);
    return Math.max(own, this.#reserve());
  }

  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }

  #reserve(): number {
    const now = this.#clock.now();
    const filled = ((now - this.#filledAt) / 1000) * this.#limits.perSecond;
    this.#tokens = Math.min(this.#limits.burst, this.#tokens + filled) - 1;
    this.#filledAt = now;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#limits.perSecond) * 1000;
  }
}
