import type { Change } from "../store/entry.ts";
import type { Store } from "../store/store.ts";

export type Listener = (change: Change) => void;

/** Hands every durable change to the watches of its kind. */
export class Hub {
  private readonly store: Store;
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(store: Store) {
    this.store = store;
    store.onChange((change) => {
      for (const listener of this.listeners.get(change.entry.storage) ?? []) listener(change);
    });
  }

  /** Calls back for every change of a kind after a version, at first for those already past. Undefined when some are forgotten. */
  follow(storage: string, version: number, listener: Listener): (() => void) | undefined {
    const past = this.store.changesSince(version);
    if (past === undefined) return undefined;
    for (const change of past) if (change.entry.storage === storage) listener(change);
    const later = (change: Change): void => {
      if (change.version > version) listener(change);
    };
    const listeners = this.listeners.get(storage) ?? new Set();
    this.listeners.set(storage, listeners.add(later));
    return () => listeners.delete(later);
  }
}
