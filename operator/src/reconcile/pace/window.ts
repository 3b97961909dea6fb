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

/** The earliest moment, not before `now`, at which one more start keeps every minute and every hour within the limits. `starts` are sorted, oldest first. */
export function earliestStart(starts: readonly Start[], content: number, limits: PaceLimits, now: number): number {
  return Math.max(now, freeInMinute(starts, limits), freeInHour(starts, content, limits));
}

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
