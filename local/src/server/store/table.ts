import type { Change, Entry } from "./entry.ts";
import { entryKey } from "./entry.ts";

/** The keys of one kind at one version, sorted as etcd sorts them, and their entries. */
export interface View {
  readonly keys: readonly string[];
  readonly get: (key: string) => Entry | undefined;
}

/** First index whose key is not less than the given one. */
export function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? "") < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All objects of one kind, ordered by namespace and name. */
export class Table {
  private readonly entries = new Map<string, Entry>();
  private readonly keys: string[] = [];

  get(key: string): Entry | undefined {
    return this.entries.get(key);
  }

  set(entry: Entry): void {
    const key = entryKey(entry.namespace, entry.name);
    if (!this.entries.has(key)) this.keys.splice(lowerBound(this.keys, key), 0, key);
    this.entries.set(key, entry);
  }

  delete(key: string): void {
    if (this.entries.delete(key)) this.keys.splice(lowerBound(this.keys, key), 1);
  }

  values(): Iterable<Entry> {
    return this.entries.values();
  }

  now(): View {
    return { keys: this.keys, get: (key) => this.entries.get(key) };
  }

  /** The table as it was before these changes, which are its latest. */
  before(changes: readonly Change[]): View {
    if (changes.length === 0) return this.now();
    const past = new Map<string, Entry | undefined>();
    for (const change of changes.toReversed()) past.set(entryKey(change.entry.namespace, change.entry.name), change.previous);
    const gone = [...past.keys()].filter((key) => !this.entries.has(key));
    return {
      keys: gone.length === 0 ? this.keys : [...this.keys, ...gone].toSorted(),
      get: (key) => (past.has(key) ? past.get(key) : this.entries.get(key)),
    };
  }
}
