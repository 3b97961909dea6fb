import { numberIn, type RawSearch, textIn } from "../url/search.ts";

export interface UsageSearch {
  readonly days?: number | undefined;
  readonly namespace?: string | undefined;
}

export function readUsageSearch(raw: RawSearch): UsageSearch {
  const days = numberIn(raw, "days");
  return { days: days === undefined ? undefined : Math.min(days, 366), namespace: textIn(raw, "namespace") };
}
