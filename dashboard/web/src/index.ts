import type { BatchRow } from "@codybatch/dashboard-contract";

/** How a phase is coloured; never by colour alone, the word stands beside it. */
export type Tone = "neutral" | "busy" | "waiting" | "good" | "mixed" | "bad";

const tones: Readonly<Record<BatchRow["phase"], Tone>> = {
  Pending: "waiting",
  Discovering: "busy",
  Running: "busy",
  AwaitingApproval: "waiting",
  Suspended: "neutral",
  Succeeded: "good",
  PartiallySucceeded: "mixed",
  Failed: "bad",
  Cancelled: "neutral",
};

export function toneOf(phase: BatchRow["phase"]): Tone {
  return tones[phase];
}
