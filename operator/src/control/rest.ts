import type { Clock } from "../cluster/clock.ts";
import type { Log } from "../log.ts";

/** The longest rest in milliseconds; an API server that needs more says so again. */
const longestRest = 60_000;

/** Until when the API server wants to be spared because it has too much to do (429). */
export class Rest {
  readonly #clock: Clock;
  readonly #log: Log;
  #until = -Infinity;

  constructor(clock: Clock, log: Log) {
    [this.#clock, this.#log] = [clock, log];
  }

  /** By the clock's `now`. */
  get until(): number {
    return this.#until;
  }

  /** For every 429: nothing new starts for so many seconds from now. */
  readonly ask = (seconds: number): void => {
    const now = this.#clock.now();
    if (now >= this.#until) this.#log.warn({ seconds }, "the API server has too much to do; nothing new starts until it has rested");
    this.#until = Math.max(this.#until, now + Math.min(seconds * 1000, longestRest));
  };
}
