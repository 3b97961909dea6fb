import { setImmediate as turn } from "node:timers/promises";
import { RunEvent } from "@codybatch/crds";
import type { ShownEvent } from "@codybatch/dashboard-contract";

const newline = 10;

/** Where each whole line begins and ends. */
export function linesOf(text: Buffer): readonly (readonly [start: number, end: number])[] {
  const lines: (readonly [number, number])[] = [];
  for (let start = 0, end = text.indexOf(newline); end >= 0; start = end + 1, end = text.indexOf(newline, start)) {
    if (end > start) lines.push([start, end]);
  }
  return lines;
}

/** Longest line that is read as an event; the agent's own are far below. */
const longestLine = 16 * 1024 * 1024;

/** What a line says; a line that cannot be read is shown as its text. */
export function eventOf(line: Buffer): ShownEvent {
  const text = line.subarray(0, longestLine).toString("utf8");
  try {
    const parsed = RunEvent.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Shown as it is.
  }
  return { kind: "unreadable", at: "", turn: 0, text };
}

/** Every text in an event, its own words for kinds and times left out. */
export function* textsOf(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (Array.isArray(value)) for (const item of value) yield* textsOf(item);
  else if (typeof value === "object" && value !== null)
    for (const [key, item] of Object.entries(value)) if (!silent.has(key)) yield* textsOf(item);
}

const silent: ReadonlySet<string> = new Set(["at", "kind", "type", "signature"]);

const eventsAtOnce = 200;

/** Calls back for each event; lets others work in between, because a long transcript takes a while. */
export async function eachEvent(text: Buffer, visit: (event: ShownEvent, n: number) => void): Promise<number> {
  const lines = linesOf(text);
  for (const [index, [start, end]] of lines.entries()) {
    if (index % eventsAtOnce === eventsAtOnce - 1) await turn();
    visit(eventOf(text.subarray(start, end)), index + 1);
  }
  return lines.length;
}
