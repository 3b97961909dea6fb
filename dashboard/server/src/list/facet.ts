import type { FacetCount } from "@codybatch/dashboard-contract";

/** Counts by value, most first, equal ones by name. */
export function facetOf<T>(rows: readonly T[], values: (row: T) => readonly string[], most: number): FacetCount[] {
  const counts = new Map<string, number>();
  for (const row of rows) for (const value of values(row)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].toSorted(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
  return sorted.slice(0, most).map(([value, count]) => ({ value, count }));
}

export type Filters<T> = Readonly<Record<string, ((row: T) => boolean) | undefined>>;

export interface Sifted<T> {
  /** Rows that every filter leaves. */
  readonly left: readonly T[];
  /** Rows that every filter leaves but the one of this name: what a facet counts, so that its other values stay reachable. */
  readonly but: (name: string) => readonly T[];
}

/** Asks each row once. A row that two filters refuse counts nowhere, so the dear ones stand last. */
export function sift<T>(rows: readonly T[], filters: Filters<T>): Sifted<T> {
  const active = Object.entries(filters).flatMap(([name, filter]) => (filter === undefined ? [] : [{ name, filter }]));
  if (active.length === 0) return { left: rows, but: () => rows };
  const left: T[] = [];
  const only = new Map<string, T[]>(active.map(({ name }) => [name, []]));
  for (const row of rows) {
    const refusing = refusals(row, active);
    const [one] = refusing;
    if (one === undefined) left.push(row);
    else if (refusing.length === 1) only.get(one)?.push(row);
  }
  return { left, but: (name) => [...left, ...(only.get(name) ?? [])] };
}

/** Names of the first filters that refuse a row, at most two. */
function refusals<T>(row: T, filters: readonly { readonly name: string; readonly filter: (row: T) => boolean }[]): readonly string[] {
  const names: string[] = [];
  for (const { name, filter } of filters) {
    if (filter(row)) continue;
    names.push(name);
    if (names.length === 2) break;
  }
  return names;
}

/** A filter for words that must all occur in a text that is lower case already. */
export function searchFor<T>(query: string | undefined, haystack: (row: T) => string): ((row: T) => boolean) | undefined {
  const words = (query ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return words.length === 0 ? undefined : (row) => words.every((word) => haystack(row).includes(word));
}
