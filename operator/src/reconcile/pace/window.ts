/** A publish Job that was started, in milliseconds of one clock, with the most content that it makes at the host. */
export interface Start {
  readonly at: number;
  readonly content: number;
}

/** Most of a credential: the host counts by user. */
export interface PaceLimits {
  readonly perMinute: number;
  readonly contentPerHour: number;
}

const minute = 60_000;
const hour = 3_600_000;

/** The starts of one credential, and when the next one may be: evenly after them, and within every minute's and hour's limit. */
export class Starts {
  readonly #limits: PaceLimits;
  readonly #known: Start[] = [];
  #even = -Infinity;

  constructor(limits: PaceLimits) {
    this.#limits = limits;
  }

  /** Not before those that were added. One that comes a little late counts from when it was due, so that the row does not grow longer with every delay. */
  add(start: Start): void {
    const distance = Math.ceil(minute / this.#limits.perMinute);
    const late = start.at - this.#even;
    const from = late >= 0 && late <= distance / 2 ? this.#even : start.at;
    this.#even = from + distance;
    this.#known.push(start);
  }

  /** The earliest moment for one more, not before `now`. */
  earliest(content: number, now: number): number {
    return Math.max(now, this.#even, freeInMinute(this.#known, this.#limits), freeInHour(this.#known, content, this.#limits));
  }
}

/** Delays within the row can move more starts into a minute than its distance would. */
function freeInMinute(starts: readonly Start[], { perMinute }: PaceLimits): number {
  const full = starts.at(-perMinute);
  return full === undefined ? -Infinity : full.at + minute;
}

/** More content than an hour may have at all waits for an hour without any. */
function freeInHour(starts: readonly Start[], content: number, { contentPerHour }: PaceLimits): number {
  let left = contentPerHour - content;
  const tooMuch = starts.findLast((start) => {
    left -= start.content;
    return left < 0;
  });
  return tooMuch === undefined ? -Infinity : tooMuch.at + hour;
}

/** What no window counts any more. */
export function isPast({ at }: Start, now: number): boolean {
  return at + hour <= now;
}
