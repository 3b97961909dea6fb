import type { Clock } from "@codybatch/operator";

interface Kept<V> {
  readonly until: number;
  readonly value: Promise<V>;
}

/** Answers that are asked for once and kept for a while; what fails is not kept. At most `most` of them. */
export class Expiring<V> {
  readonly #clock: Clock;
  readonly #keep: number;
  readonly #most: number;
  readonly #kept = new Map<string, Kept<V>>();

  /** `keep` in milliseconds. */
  constructor(clock: Clock, keep: number, most: number) {
    this.#clock = clock;
    this.#keep = keep;
    this.#most = most;
  }

  get(key: string, ask: () => Promise<V>): Promise<V> {
    const known = this.#kept.get(key);
    if (known !== undefined && known.until > this.#clock.now()) return known.value;
    const value = ask();
    this.#makeRoom();
    this.#kept.set(key, { until: this.#clock.now() + this.#keep, value });
    value.catch(() => this.forget(key));
    return value;
  }

  forget(key: string): void {
    this.#kept.delete(key);
  }

  #makeRoom(): void {
    if (this.#kept.size < this.#most) return;
    for (const [key, { until }] of this.#kept) if (until <= this.#clock.now()) this.#kept.delete(key);
    for (const key of this.#kept.keys()) {
      if (this.#kept.size < this.#most) return;
      this.#kept.delete(key);
    }
  }
}
