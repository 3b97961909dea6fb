import type { Clock } from "../clock.ts";

/** A clock that a test moves by hand. Timers of no delay run at once, as they would. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ readonly due: number; readonly callback: () => void }>();
  /** What `date()` is ahead of `now()`; two fake clocks with different skews disagree about the time. */
  skew: number;

  constructor(skew = Date.UTC(2026, 0, 1)) {
    this.skew = skew;
  }

  readonly now = (): number => this.#now;
  readonly date = (): Date => new Date(this.#now + this.skew);

  readonly after = (milliseconds: number, callback: () => void): (() => void) => {
    if (milliseconds <= 0) {
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    }
    const timer = { due: this.#now + milliseconds, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves time on and runs what falls due, in order. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = [...this.#timers].filter(({ due }) => due <= end).toSorted((a, b) => a.due - b.due);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = next.due;
      next.callback();
    }
    this.#now = end;
  }
}
