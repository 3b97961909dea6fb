const thresholds: readonly number[] = [0.95, 0.8];

/** The highest threshold that is newly passed; each one is spoken of once. */
export function thresholdPassed(share: number, spokenOf: number): number | undefined {
  return thresholds.find((threshold) => share >= threshold && threshold > spokenOf);
}
