import type { ShownEvent, TranscriptHits, TranscriptOutline } from "@codybatch/dashboard-contract";
import { eachEvent, textsOf } from "./line.ts";
import type { Transcript } from "./transcript.ts";

const mostErrors = 1000;
const mostHits = 500;
const longestMark = 200;

/** Errors and turns of a whole transcript. */
export async function outlineOf({ attempt, live, truncated, text }: Transcript): Promise<TranscriptOutline> {
  const errors: TranscriptOutline["errors"] = [];
  const turns: TranscriptOutline["turns"] = [];
  const events = await eachEvent(text, (event, n) => {
    const fault = faultOf(event);
    if (fault !== undefined && errors.length < mostErrors) errors.push({ ...markOf(event, n), text: fault.slice(0, longestMark) });
    if (event.turn > (turns.at(-1)?.turn ?? 0)) turns.push({ turn: event.turn, n, at: event.at });
  });
  return { attempt, live, truncated, events, bytes: text.length, errors, turns };
}

/** What went wrong at an event, in a line; undefined when nothing did. */
function faultOf(event: ShownEvent): string | undefined {
  if (event.kind === "tool" && event.isError) return `${event.name}: ${event.output}`;
  if (event.kind === "check" && event.exitCode !== 0 && event.on !== "base") return `${event.name}: exit code ${event.exitCode}`;
  if (event.kind === "retry") return event.cause;
  if (event.kind === "verdict" && !event.approved) return event.reasons.join(" ");
  if (event.kind === "ended" && event.reason !== "Reported") return `${event.reason}: ${event.message}`;
  return event.kind === "unreadable" ? "This line cannot be read." : undefined;
}

function markOf({ kind, turn, at }: ShownEvent, n: number) {
  return { n, turn, at, kind };
}

/** Events that hold a text anywhere, with what stands around its first hit. */
export async function search({ attempt, text }: Transcript, q: string): Promise<TranscriptHits> {
  const wanted = q.toLowerCase();
  const hits: TranscriptHits["hits"] = [];
  let total = 0;
  await eachEvent(text, (event, n) => {
    const found = firstHit(event, wanted);
    if (found === undefined) return;
    total += 1;
    if (hits.length < mostHits) hits.push({ ...markOf(event, n), ...found });
  });
  return { attempt, hits, total };
}

const around = 80;

function firstHit(event: ShownEvent, wanted: string): { readonly text: string; readonly start: number } | undefined {
  for (const text of textsOf(event)) {
    const at = text.toLowerCase().indexOf(wanted);
    if (at < 0) continue;
    const from = Math.max(0, at - around);
    return { text: text.slice(from, at + wanted.length + around), start: at - from };
  }
  return undefined;
}
