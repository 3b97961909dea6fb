import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds between two looks. */
const interval = 50;

/** Looks until there is an answer; fails after so many seconds and says what was awaited and, if told, what is there instead. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>, seconds = 30): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await pause(interval);
  }
}
