import type { FacetCount } from "@codybatch/dashboard-contract";

/** Counts by value, most first, equal ones by name; a row without a value counts nowhere. */
export function facetOf<T>(rows: readonly T[], value: (row: T) => string | undefined, most: number): FacetCount[] {
  const counts = new Map<string, number>();
  for (const row of rows) count(counts, value(row));
  return facet(counts, most);
}

/** The same where a row may have several values. */
export function facetOfAll<T>(rows: readonly T[], values: (row: T) => readonly string[], most: number): FacetCount[] {
  const counts = new Map<string, number>();
  for (const row of rows) for (const value of values(row)) count(counts, value);
  return facet(counts, most);
}

function count(counts: Map<string, number>, value: string | undefined): void {
  if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
}

function facet(counts: ReadonlyMap<string, number>, most: number): FacetCount[] {
  const sorted = [...counts].toSorted(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
  return sorted.slice(0, most).map(([value, number]) => ({ value, count: number }));
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
    const refusing = refusal(row, active);
    if (refusing === undefined) left.push(row);
    else if (refusing !== several) only.get(refusing)?.push(row);
  }
  return { left, but: (name) => [...left, ...(only.get(name) ?? [])] };
}

interface Named<T> {
  readonly name: string;
  readonly filter: (row: T) => boolean;
}
const several = Symbol("more than one filter");

/** The only filter that refuses a row; undefined for none. */
function refusal<T>(row: T, filters: readonly Named<T>[]): string | typeof several | undefined {
  let refusing: string | undefined;
  for (const { name, filter } of filters) {
    if (filter(row)) continue;
    if (refusing !== undefined) return several;
    refusing = name;
  }
  return refusing;
}

/** A filter for words that must all occur in a text that is lower case already. */
export function searchFor<T>(query: string | undefined, haystack: (row: T) => string): ((row: T) => boolean) | undefined {
  const words = (query ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return words.length === 0 ? undefined : (row) => words.every((word) => haystack(row).includes(word));
}
