/** How much of the raw limit's rate something reaches, pair by pair: 1 is as fast, 0.5 takes twice the time. Throws when the pairs are not complete. */
export function shares(limitMs: readonly number[], ownMs: readonly number[]): readonly number[] {
  if (limitMs.length !== ownMs.length) throw new Error(`${limitMs.length} times of the limit against ${ownMs.length} of its measure`);
  return ownMs.map((own, index) => (limitMs[index] ?? Number.NaN) / own);
}
