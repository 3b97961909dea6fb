/** Sentences that the agent adds to the conversation on its own. */
export const nudgeText = {
  report:
    "You ended without a report. If the work is done or nothing had to change, call report_result now; otherwise go on with the tools.",
  lastReport:
    "Still there is no call of report_result. Write the report as your answer now, as JSON with wereChangesNecessary, summary and explanation, and nothing else; no tool can be called in this answer.",
  cutOff: (tokens: number): string => `Your output was cut off at ${tokens} tokens. Go on in smaller steps.`,
  same: (times: number): string =>
    `You made the same call with the same result ${times} times. Do something else, or report with what you have.`,
  errors: (count: number): string =>
    `${count} calls in a row failed. Read the errors, look at the files again and try another way, or report.`,
  limit: (percent: number, left: { readonly turns: number; readonly usd: string }): string =>
    `More than ${percent} % of a limit of this run is used: ${left.turns} ${left.turns === 1 ? "turn" : "turns"} and $${left.usd} are left. Finish the change and call report_result soon.`,
} as const;
