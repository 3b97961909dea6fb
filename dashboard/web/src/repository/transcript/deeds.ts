import type { TranscriptItem } from "@codybatch/dashboard-contract";
import { counted } from "../../money/format.ts";
import type { Tone } from "../../status/tone.ts";
import { oneLine, shortened } from "../../text/visible.ts";
import { blocksOf } from "./blocks.ts";

/** What was done in a turn. */
export interface Deeds {
  /** How often each tool was called. */
  readonly calls: ReadonlyMap<string, number>;
  /** Files that were edited, written, moved or deleted, each once. */
  readonly touched: readonly string[];
  readonly failedTools: number;
  readonly checks: readonly { readonly name: string; readonly isPassed: boolean }[];
}

const reads = new Set(["read_file", "list_files", "search_code", "get_diff"]);
const writes = new Set(["edit_file", "write_file", "delete_file", "move_file"]);

export function deedsOf(events: readonly TranscriptItem[]): Deeds {
  const calls = new Map<string, number>();
  const touched = new Set<string>();
  const checks: { name: string; isPassed: boolean }[] = [];
  let failedTools = 0;
  for (const { event } of events) {
    if (event.kind === "check") checks.push({ name: oneLine(event.name), isPassed: event.exitCode === 0 });
    if (event.kind === "tool" && event.isError) failedTools += 1;
    for (const { name, paths } of callsOf(event)) {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      if (writes.has(name)) paths.forEach((path) => touched.add(path));
    }
  }
  return { calls, touched: [...touched], failedTools, checks };
}

function callsOf(event: TranscriptItem["event"]) {
  return event.kind === "assistant" ? blocksOf(event.content).filter((block) => block.kind === "call") : [];
}

export function isOnlyReading({ calls, checks, failedTools }: Deeds): boolean {
  return calls.size > 0 && checks.length === 0 && failedTools === 0 && [...calls.keys()].every((name) => reads.has(name));
}

export function together(first: Deeds, second: Deeds): Deeds {
  const calls = new Map(first.calls);
  for (const [name, count] of second.calls) calls.set(name, (calls.get(name) ?? 0) + count);
  return {
    calls,
    touched: [...new Set([...first.touched, ...second.touched])],
    failedTools: first.failedTools + second.failedTools,
    checks: [...first.checks, ...second.checks],
  };
}

/** The deeds in a few words. `failing` are the checks that had failed before. */
export function tell(deeds: Deeds, failing: ReadonlySet<string>): { readonly text: string; readonly tone: Tone } {
  const parts = [...readParts(deeds.calls), ...writeParts(deeds), ...otherParts(deeds), ...checkParts(deeds.checks, failing)];
  if (deeds.failedTools > 0) parts.push(`${counted(deeds.failedTools, "call")} of a tool failed`);
  const text = parts.length === 0 ? "Answered" : parts.join(", ");
  return { text: text.charAt(0).toUpperCase() + text.slice(1), tone: toneOf(deeds) };
}

function toneOf({ checks, failedTools, calls }: Deeds): Tone {
  const last = new Map(checks.map(({ name, isPassed }) => [name, isPassed]));
  if ([...last.values()].includes(false)) return "bad";
  if (failedTools > 0) return "mixed";
  return last.size > 0 || calls.has("report_result") ? "good" : "neutral";
}

function readParts(calls: Deeds["calls"]): readonly string[] {
  const parts: string[] = [];
  const add = (name: string, words: (count: number) => string): void => {
    const count = calls.get(name);
    if (count !== undefined) parts.push(words(count));
  };
  add("read_file", (count) => `read ${counted(count, "file")}`);
  add("list_files", () => "listed files");
  add("search_code", (count) => (count === 1 ? "searched" : `searched ${count} times`));
  add("get_diff", () => "looked at the diff");
  return parts;
}

function writeParts({ calls, touched }: Deeds): readonly string[] {
  const named = touched.length <= 2 ? `: ${touched.map((path) => shortened(oneLine(path), 60)).join(", ")}` : "";
  const hasDone = (name: string): boolean => calls.has(name);
  const verbs = [
    ...(hasDone("edit_file") ? ["edited"] : []),
    ...(hasDone("write_file") ? ["wrote"] : []),
    ...(hasDone("move_file") ? ["moved"] : []),
    ...(hasDone("delete_file") ? ["deleted"] : []),
  ];
  if (verbs.length === 0) return [];
  return [`${verbs.join(" and ")} ${counted(touched.length, "file")}${touched.length === 0 ? "" : named}`];
}

function otherParts({ calls, checks }: Deeds): readonly string[] {
  const others = [...calls.keys()].filter(
    (name) => !reads.has(name) && !writes.has(name) && name !== "report_result" && name !== "run_check",
  );
  const parts = others.map((name) => `called ${shortened(oneLine(name), 40)}`);
  if (calls.has("run_check") && checks.length === 0) parts.push("asked for a check");
  if (calls.has("report_result")) parts.push("reported");
  return parts;
}

function checkParts(checks: Deeds["checks"], failing: ReadonlySet<string>): readonly string[] {
  const told = checks.map(({ name, isPassed }, index) => {
    const wasFailing = checks.slice(0, index).findLast((other) => other.name === name)?.isPassed === false || failing.has(name);
    if (!isPassed) return `check ${name} failed${wasFailing ? " again" : ""}`;
    return wasFailing ? `fixed: check ${name} passed` : `check ${name} passed`;
  });
  // Each runs on the change and on what was there before: the same outcome is told once.
  return [...new Set(told)];
}
