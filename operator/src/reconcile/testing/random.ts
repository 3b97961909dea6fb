/** Chance that a seed repeats. */
export interface Random {
  /** 0 ≤ x < 1. */
  readonly number: () => number;
  /** A whole number, 0 ≤ x < below. */
  readonly below: (below: number) => number;
  readonly pick: <T>(items: readonly T[]) => T | undefined;
  /** True in so many of 100 cases. */
  readonly percent: (of: number) => boolean;
}

/** Mulberry32: 32 bits of state are plenty for interleavings. */
export function randomOf(seed: number): Random {
  let state = seed;
  const number = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(number() * limit);
  return { number, below, pick: (items) => items[below(items.length)], percent: (of) => number() * 100 < of };
}
