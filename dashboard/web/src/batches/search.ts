import { batchSorts } from "@codybatch/dashboard-contract/sorts";
import { type RawSearch, textIn, wordIn } from "../url/search.ts";

/** What the list's address says. */
export interface BatchesSearch {
  readonly q?: string | undefined;
  /** Phases with commas between them. */
  readonly phase?: string | undefined;
  readonly namespace?: string | undefined;
  readonly label?: string | undefined;
  readonly sort?: (typeof batchSorts)[number] | undefined;
  readonly cursor?: string | undefined;
}

export function readBatchesSearch(raw: RawSearch): BatchesSearch {
  return {
    q: textIn(raw, "q"),
    phase: textIn(raw, "phase"),
    namespace: textIn(raw, "namespace"),
    label: textIn(raw, "label"),
    sort: wordIn(raw, "sort", batchSorts),
    cursor: textIn(raw, "cursor"),
  };
}

/** The same with something changed: a page further on of other rows would mean nothing, so the first one. */
export function refined(search: BatchesSearch, change: Partial<BatchesSearch>): BatchesSearch {
  return { ...search, cursor: undefined, ...change };
}

/** Whether anything is left out of the list. */
export function isFiltered({ q, phase, namespace, label }: BatchesSearch): boolean {
  return [q, phase, namespace, label].some((filter) => filter !== undefined);
}
