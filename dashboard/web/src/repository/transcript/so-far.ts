import { useState } from "react";

/** What comes of a list, made on from what it came to before, so that a list that grows is never gone through anew. */
export interface Fold<T, S> {
  readonly empty: S;
  /** Must leave `before` as it is. */
  readonly add: (before: S, fresh: readonly T[]) => S;
}

/** Remembers how far a list was folded. One that does not go on from the last is folded from its beginning. */
export class SoFar<T, S> {
  readonly #fold: Fold<T, S>;
  #items: readonly T[] = [];
  #state: S;

  constructor(fold: Fold<T, S>) {
    this.#fold = fold;
    this.#state = fold.empty;
  }

  of(items: readonly T[]): S {
    const before = this.#goesOn(items) ? this.#items.length : 0;
    if (before === 0) this.#state = this.#fold.empty;
    if (items.length > before) this.#state = this.#fold.add(this.#state, items.slice(before));
    this.#items = items;
    return this.#state;
  }

  /** Events stay the same objects for as long as their page does. */
  #goesOn(items: readonly T[]): boolean {
    const last = this.#items.length - 1;
    return last < items.length && this.#items[0] === items[0] && this.#items[last] === items[last];
  }
}

/** A fold over the items of one component, at each render. */
export function useSoFar<T, S>(fold: Fold<T, S>, items: readonly T[]): S {
  const [soFar] = useState(() => new SoFar(fold));
  return soFar.of(items);
}
