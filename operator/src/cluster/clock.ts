import { setTimeout as startTimer } from "node:timers";

/** Time as an argument, so that an hour passes in a test at once. */
export interface Clock {
  /** Milliseconds that only ever grow; says nothing about the date. */
  readonly now: () => number;
  /** The date, for people and timestamps only. */
  readonly date: () => Date;
  /** Calls back once after so many milliseconds; the returned function cancels. */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
}

/** The longest delay a Node timer can hold, 24.8 days; beyond it fires at once. */
const longestDelay = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  after: (milliseconds, callback) => {
    const timer = startTimer(callback, Math.min(milliseconds, longestDelay));
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Resolves after the delay, or at once when the signal aborts; never rejects. */
export function sleep(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(milliseconds, end);
    signal.addEventListener("abort", end, { once: true });
  });
}
