import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds between two looks. */
const interval = 50;

export interface Patience {
  /** Default 120, because the machine may be busy. */
  readonly seconds?: number;
  /** What is there while the wanted is not, for the failure's text. */
  readonly instead?: () => unknown;
}

/** Looks until there is an answer; fails after the deadline and says what was awaited. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  { seconds = 120, instead }: Patience = {},
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain: ${what}${seen(instead)}`);
    await pause(interval);
  }
}

function seen(instead: Patience["instead"]): string {
  return instead === undefined ? "" : `; there is ${JSON.stringify(instead(), undefined, 2)}`;
}
