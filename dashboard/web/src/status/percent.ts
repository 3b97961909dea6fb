/** Floored, so that 100 means all of it; 0 of nothing is 0. */
export function flooredPercent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part / whole) * 100);
}
