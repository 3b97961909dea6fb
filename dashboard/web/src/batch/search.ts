import { repositorySorts } from "@codybatch/dashboard-contract/sorts";
import { numberIn, type RawSearch, textIn, wordIn } from "../url/search.ts";

export const batchViews = ["repositories", "charts", "spec", "conditions"] as const;

/** What the address of a batch says. */
export interface BatchSearch {
  readonly view?: (typeof batchViews)[number] | undefined;
  readonly q?: string | undefined;
  readonly phase?: string | undefined;
  readonly reason?: string | undefined;
  readonly sort?: (typeof repositorySorts)[number] | undefined;
  readonly cursor?: string | undefined;
  /** Rows of a page. */
  readonly limit?: number | undefined;
}

export function readBatchSearch(raw: RawSearch): BatchSearch {
  return {
    view: wordIn(raw, "view", batchViews),
    q: textIn(raw, "q"),
    phase: textIn(raw, "phase"),
    reason: textIn(raw, "reason"),
    sort: wordIn(raw, "sort", repositorySorts),
    cursor: textIn(raw, "cursor"),
    limit: numberIn(raw, "limit"),
  };
}

/** The same with something changed, from the first page on. */
export function refinedRows(search: BatchSearch, change: Partial<BatchSearch>): BatchSearch {
  return { ...search, cursor: undefined, ...change };
}

/** What the server is asked for. */
export function rowsQuery({ q, phase, reason, sort, cursor, limit }: BatchSearch) {
  return { q, phase, reason, sort, cursor, limit: limit === undefined ? undefined : String(Math.min(limit, 200)) };
}
