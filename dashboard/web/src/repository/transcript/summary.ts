import type { TranscriptItem } from "@codybatch/dashboard-contract";
import { counted } from "../../money/format.ts";
import { deedsOf } from "./deeds.ts";
import type { Fold } from "./so-far.ts";

/** What the whole story comes to. */
interface Sum {
  readonly read: number;
  readonly changed: ReadonlySet<string>;
  /** How each check ended last, in the order in which they first ran. */
  readonly checks: ReadonlyMap<string, boolean>;
  readonly hadFailed: boolean;
}

export const sum: Fold<TranscriptItem, Sum> = {
  empty: { read: 0, changed: new Set(), checks: new Map(), hadFailed: false },
  add: ({ read, changed, checks, hadFailed }, fresh) => {
    const deeds = deedsOf(fresh);
    return {
      read: read + (deeds.calls.get("read_file") ?? 0),
      changed: new Set([...changed, ...deeds.touched]),
      checks: new Map([...checks, ...deeds.checks.map(({ name, isPassed }) => [name, isPassed] as const)]),
      hadFailed: hadFailed || deeds.checks.some(({ isPassed }) => !isPassed),
    };
  },
};

/** The whole story in one line: `Read 12 files, edited 3, checks failed, fixed, passed`. */
export function summaryOf({ read, changed, checks, hadFailed }: Sum): string {
  const parts = [
    ...(read > 0 ? [`read ${counted(read, "file")}`] : []),
    ...(changed.size > 0 ? [`changed ${counted(changed.size, "file")}`] : []),
    ...(checks.size > 0 ? checkWords(checks, hadFailed) : []),
  ];
  if (parts.length === 0) return "Nothing was done yet";
  const text = parts.join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Whether checks passed, failed, or failed first and passed in the end. */
function checkWords(checks: Sum["checks"], hadFailed: boolean): readonly string[] {
  if ([...checks.values()].includes(false)) return ["checks failed"];
  return hadFailed ? ["checks failed", "fixed", "passed"] : ["checks passed"];
}

/** Seconds from the first event to the last; undefined before there are two. */
export function secondsOf(items: readonly TranscriptItem[]): number | undefined {
  const [first, last] = [items[0], items.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  const seconds = (Date.parse(last.event.at) - Date.parse(first.event.at)) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
