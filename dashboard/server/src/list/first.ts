/** The first few of many in order, without sorting all of them: most are compared once. */
export class First<T> {
  readonly #most: number;
  readonly #compare: (left: T, right: T) => number;
  readonly #found: T[] = [];

  constructor(most: number, compare: (left: T, right: T) => number) {
    [this.#most, this.#compare] = [most, compare];
  }

  /** In order; of equal ones the one that was offered first. */
  get found(): readonly T[] {
    return this.#found;
  }

  offer(item: T): void {
    const last = this.#found.at(-1);
    if (this.#found.length === this.#most && last !== undefined && this.#compare(item, last) >= 0) return;
    this.#found.splice(this.#placeOf(item), 0, item);
    if (this.#found.length > this.#most) this.#found.pop();
  }

  #placeOf(item: T): number {
    let low = 0;
    let high = this.#found.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#found[middle];
      if (other !== undefined && this.#compare(other, item) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
