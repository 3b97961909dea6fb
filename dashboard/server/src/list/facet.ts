import type { FacetCount } from "@codybatch/dashboard-contract";

/** Counts by value, most first, equal ones by name. */
export function facetOf<T>(rows: readonly T[], values: (row: T) => readonly string[], most: number): FacetCount[] {
  const counts = new Map<string, number>();
  for (const row of rows) for (const value of values(row)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].toSorted(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
  return sorted.slice(0, most).map(([value, count]) => ({ value, count }));
}

export type Filters<T> = Readonly<Record<string, ((row: T) => boolean) | undefined>>;

/** Rows that every filter leaves but the one of this name: what a facet counts, so that its other values stay reachable. */
export function filteredBut<T>(rows: readonly T[], filters: Filters<T>, except?: string): readonly T[] {
  const active = Object.entries(filters).flatMap(([name, filter]) => (filter === undefined || name === except ? [] : [filter]));
  return active.length === 0 ? rows : rows.filter((row) => active.every((filter) => filter(row)));
}

/** A filter for words that must all occur in a text that is lower case already. */
export function searchFor<T>(query: string | undefined, haystack: (row: T) => string): ((row: T) => boolean) | undefined {
  const words = (query ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return words.length === 0 ? undefined : (row) => words.every((word) => haystack(row).includes(word));
}
