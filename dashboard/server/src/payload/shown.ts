import type { ShownEvent, TranscriptItem, TranscriptPage } from "@codybatch/dashboard-contract";
import { eventOf, linesOf } from "./line.ts";
import type { Transcript } from "./transcript.ts";

interface Asked {
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
  readonly full?: boolean | undefined;
  readonly mayCost: boolean;
}

const defaultEvents = 200;
/** Characters at which a text is cut, and bytes of stored lines that a page may have. */
const cutAt = 16 * 1024;
const pageBytes = { cut: 512 * 1024, full: 8 * 1024 * 1024 } as const;

/** Events after a number, in order. A page has at least one of them. */
export function pageOfEvents(
  { attempt, live, truncated, text }: Transcript,
  { after = 0, limit = defaultEvents, full, mayCost }: Asked,
): TranscriptPage {
  const lines = linesOf(text);
  const items: TranscriptItem[] = [];
  let bytes = 0;
  for (const [index, [start, end]] of lines.slice(after, after + limit).entries()) {
    const isWhole = full === true || end - start <= cutAt;
    const item = itemOf(after + index + 1, eventOf(text.subarray(start, end)), { isWhole, mayCost });
    bytes += full === true ? end - start : Math.min(end - start, 4 * cutAt);
    if (items.length > 0 && bytes > (full === true ? pageBytes.full : pageBytes.cut)) break;
    items.push(item);
  }
  const last = after + items.length;
  return { attempt, live, truncated, events: lines.length, items, ...(last < lines.length ? { next: last } : {}) };
}

function itemOf(
  n: number,
  event: ShownEvent,
  { isWhole, mayCost }: { readonly isWhole: boolean; readonly mayCost: boolean },
): TranscriptItem {
  const shown = mayCost ? event : withoutUsage(event);
  if (isWhole) return { n, event: shown };
  const knife = { used: false };
  const short = shortened(shown, knife);
  return knife.used ? { n, event: short, cut: true } : { n, event: shown };
}

/** The event for somebody who may not see costs. */
export function withoutUsage(event: ShownEvent): ShownEvent {
  if (event.kind === "assistant" || event.kind === "reviewer") return { ...event, usage: undefined };
  return event.kind === "retry" ? { ...event, assumedNanoUSD: undefined } : event;
}

/** The same with long texts cut. Its form stays, for only texts change. */
function shortened<T>(value: T, knife: { used: boolean }): T {
  const copy = structuredClone(value);
  shorten(copy, knife);
  return copy;
}

function shorten(value: unknown, knife: { used: boolean }): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (typeof item !== "string") shorten(item, knife);
    else if (item.length > cutAt) {
      Reflect.set(value, key, item.slice(0, cutAt));
      knife.used = true;
    }
  }
}
