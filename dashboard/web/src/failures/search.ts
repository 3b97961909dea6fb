import { type RawSearch, textIn } from "../url/search.ts";

export interface FailuresSearch {
  readonly namespace?: string | undefined;
  readonly reason?: string | undefined;
  readonly cursor?: string | undefined;
}

export function readFailuresSearch(raw: RawSearch): FailuresSearch {
  return { namespace: textIn(raw, "namespace"), reason: textIn(raw, "reason"), cursor: textIn(raw, "cursor") };
}
