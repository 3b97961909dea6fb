/** Delays that double, each taken at random between 0 and its step ("full jitter"), so that many clients do not come back together. */
export class Backoff {
  readonly #random: () => number;
  readonly #base: number;
  readonly #most: number;
  #failures = 0;

  /** `base` and `most` in milliseconds; `random` gives 0 ≤ x < 1. */
  constructor(random: () => number, base: number, most: number) {
    this.#random = random;
    this.#base = base;
    this.#most = most;
  }

  /** Milliseconds to wait after one more failure. */
  next(): number {
    const step = Math.min(this.#base * 2 ** this.#failures, this.#most);
    this.#failures += 1;
    return this.#random() * step;
  }

  reset(): void {
    this.#failures = 0;
  }
}
