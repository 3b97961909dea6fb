import type { TranscriptItem } from "@codybatch/dashboard-contract";
import { counted } from "../../money/format.ts";
import { deedsOf } from "./deeds.ts";

/** The whole story in one line: `Read 12 files, edited 3, checks failed, fixed, passed`. */
export function summaryOf(items: readonly TranscriptItem[]): string {
  const { calls, touched, checks } = deedsOf(items);
  const read = calls.get("read_file") ?? 0;
  const parts = [
    ...(read > 0 ? [`read ${counted(read, "file")}`] : []),
    ...(touched.length > 0 ? [`changed ${counted(touched.length, "file")}`] : []),
    ...checkWords(checks),
  ];
  if (parts.length === 0) return "Nothing was done yet";
  const text = parts.join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Whether checks passed, failed, or failed first and passed in the end. */
function checkWords(checks: readonly { readonly name: string; readonly isPassed: boolean }[]): readonly string[] {
  if (checks.length === 0) return [];
  const last = new Map(checks.map(({ name, isPassed }) => [name, isPassed]));
  const isGood = [...last.values()].every((isPassed) => isPassed);
  const hadFailed = checks.some(({ isPassed }) => !isPassed);
  if (!isGood) return ["checks failed"];
  return hadFailed ? ["checks failed", "fixed", "passed"] : ["checks passed"];
}

/** Seconds from the first event to the last; undefined before there are two. */
export function secondsOf(items: readonly TranscriptItem[]): number | undefined {
  const [first, last] = [items[0], items.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  const seconds = (Date.parse(last.event.at) - Date.parse(first.event.at)) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
