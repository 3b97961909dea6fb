import type { Clock } from "./clock.ts";

/** Calls `onSilence` once when it was not fed for so many milliseconds. */
export class Watchdog {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #onSilence: () => void;
  #fedAt: number;
  #cancel: () => void;

  constructor(clock: Clock, limit: number, onSilence: () => void) {
    this.#clock = clock;
    this.#limit = limit;
    this.#onSilence = onSilence;
    this.#fedAt = clock.now();
    this.#cancel = clock.after(limit, () => this.#check());
  }

  feed(): void {
    this.#fedAt = this.#clock.now();
  }

  stop(): void {
    this.#cancel();
  }

  /** One timer is set again instead of one per line: a busy watch has thousands a second. */
  #check(): void {
    const left = this.#fedAt + this.#limit - this.#clock.now();
    if (left <= 0) this.#onSilence();
    else this.#cancel = this.#clock.after(left, () => this.#check());
  }
}
