import type { App } from "./access/app.ts";
import type { Tokens } from "./access/token.ts";
import { bareOf } from "./git/bare.ts";
import type { Bare } from "./git/bare.ts";
import type { Journal } from "./journal.ts";
import type { Limits } from "./limits/limits.ts";
import type { Repository } from "./state/model.ts";
import type { Store } from "./state/store.ts";

/** Everything behind one address. */
export interface Site {
  readonly store: Store;
  /** Folder of the bare repositories. */
  readonly root: string;
  readonly tokens: Tokens;
  readonly apps: readonly App[];
  readonly journal: Journal;
  readonly limits: Limits;
  readonly turns: Turns;
  /** Milliseconds. */
  readonly now: () => number;
}

export function gitOf({ root }: Site, repository: Repository): Bare {
  return bareOf(root, repository);
}

/** Lets what must not overlap come one after the other. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Does it when everything before it with the same key has ended, however that ended. */
  async take<T>(key: string, doIt: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const own = before.then(doIt, doIt);
    this.#last.set(key, own);
    return own;
  }
}
