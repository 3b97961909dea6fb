import type { BatchRow, RepositoryRow } from "@codybatch/dashboard-contract";
import { visible } from "../text/visible.ts";

/** How a phase is coloured; never by colour alone, the word and a sign stand beside it. */
export type Tone = "neutral" | "busy" | "waiting" | "good" | "merged" | "mixed" | "bad";
export type Phase = BatchRow["phase"] | RepositoryRow["phase"];

const tones: Readonly<Record<Phase, Tone>> = {
  Pending: "waiting",
  Discovering: "busy",
  Running: "busy",
  AwaitingApproval: "waiting",
  Suspended: "neutral",
  Succeeded: "good",
  PartiallySucceeded: "mixed",
  Failed: "bad",
  Cancelled: "neutral",
  NoChange: "neutral",
  Ready: "good",
  Publishing: "busy",
  Open: "good",
  Merged: "merged",
  Closed: "neutral",
  Removed: "neutral",
  Duplicate: "neutral",
};

export function toneOf(phase: Phase): Tone {
  return tones[phase];
}

export const signs: Readonly<Record<Tone, string>> = {
  neutral: "–",
  busy: "●",
  waiting: "◷",
  good: "✓",
  merged: "⇥",
  mixed: "◐",
  bad: "✕",
};

/** `AwaitingApproval` as `Awaiting approval`. A host's word may be hostile. */
export function words(name: string): string {
  const spaced = visible(name)
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
