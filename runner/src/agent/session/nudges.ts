/** Sentences that the agent adds to the conversation on its own. */
export const nudgeText = {
  report:
    "You ended without a report. If the work is done or nothing had to change, call report_result now; otherwise go on with the tools.",
  cutOff: (tokens: number): string => `Your output was cut off at ${tokens} tokens. Go on in smaller steps.`,
} as const;

const thresholds: readonly number[] = [0.95, 0.8];

/** The highest threshold that is newly passed; each one is spoken of once. */
export function thresholdPassed(share: number, spokenOf: number): number | undefined {
  return thresholds.find((threshold) => share >= threshold && threshold > spokenOf);
}

export function limitText(threshold: number, left: { readonly turns: number; readonly usd: string }): string {
  const used = Math.round(threshold * 100);
  const turns = `${left.turns} ${left.turns === 1 ? "turn" : "turns"}`;
  return `More than ${used} % of a limit of this run is used: ${turns} and $${left.usd} are left. Finish the change and call report_result soon.`;
}
