import type { ObjectChange } from "../watch/change-log.ts";

interface Waiting {
  readonly change: ObjectChange;
  /** Number of the oldest change of it that was not sent. */
  readonly first: number;
}

/** Objects that changed and whose newest state was not sent: each goes out at once, then at most once in `pause` milliseconds. */
export class Dirty {
  readonly #pause: number;
  readonly #waiting = new Map<string, Waiting>();
  readonly #sentAt = new Map<string, number>();

  constructor(pause: number) {
    this.#pause = pause;
  }

  add(change: ObjectChange): void {
    const key = `${change.what} ${change.namespace}/${change.name}`;
    this.#waiting.set(key, { change, first: this.#waiting.get(key)?.first ?? change.sequence });
  }

  /** Those that may go out now, which counts as done. */
  take(now: number): readonly ObjectChange[] {
    for (const [key, at] of this.#sentAt) if (now - at >= this.#pause) this.#sentAt.delete(key);
    const due = [...this.#waiting].filter(([key]) => !this.#sentAt.has(key));
    for (const [key] of due) {
      this.#waiting.delete(key);
      this.#sentAt.set(key, now);
    }
    return due.map(([, { change }]) => change);
  }

  /** Milliseconds until the next may go out; undefined when none waits. */
  wait(now: number): number | undefined {
    const times = [...this.#waiting.keys()].map((key) => (this.#sentAt.get(key) ?? Number.NEGATIVE_INFINITY) + this.#pause - now);
    return times.length === 0 ? undefined : Math.max(0, Math.min(...times));
  }

  /** Up to which change all was sent, where the newest one is `newest`: whoever comes back with it misses nothing. */
  complete(newest: number): number {
    return Math.min(newest, ...[...this.#waiting.values()].map(({ first }) => first - 1));
  }
}
