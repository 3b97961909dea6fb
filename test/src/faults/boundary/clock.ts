import { systemClock } from "@codybatch/operator";
import type { Clock } from "@codybatch/operator";

/** A clock whose durations pass so many times as fast; the date stays the real one. */
export function fastClock(factor: number): Clock {
  return {
    now: () => systemClock.now() * factor,
    date: () => systemClock.date(),
    after: (milliseconds, callback) => systemClock.after(milliseconds / factor, callback),
  };
}
