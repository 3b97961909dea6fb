import { formatUSD } from "@codybatch/crds";
import type { UsageSlice } from "@codybatch/dashboard-contract";
import { First } from "../list/first.ts";
import type { Used } from "../watch/used.ts";

/** Adds up what attempts used. */
export class Sum {
  #input = 0;
  #output = 0;
  #cacheRead = 0;
  #cacheWrite = 0;
  #nano = 0;
  #attempts = 0;
  #unpriced = 0;

  add({ input, output, cacheRead, cacheWrite, nano }: Used, attempts = 1): void {
    this.#input += input;
    this.#output += output;
    this.#cacheRead += cacheRead;
    this.#cacheWrite += cacheWrite;
    this.#nano += nano ?? 0;
    this.#attempts += attempts;
    if (nano === undefined) this.#unpriced += attempts;
  }

  merge(other: Sum): void {
    this.#input += other.#input;
    this.#output += other.#output;
    this.#cacheRead += other.#cacheRead;
    this.#cacheWrite += other.#cacheWrite;
    this.#nano += other.#nano;
    this.#attempts += other.#attempts;
    this.#unpriced += other.#unpriced;
  }

  get nano(): number {
    return this.#nano;
  }

  get isEmpty(): boolean {
    return this.#attempts === 0;
  }

  /** Dollars are absent where no attempt had a price. */
  totals(): Omit<UsageSlice, "key"> {
    const tokens = { input: this.#input, output: this.#output, cacheRead: this.#cacheRead, cacheWrite: this.#cacheWrite };
    const isPriced = this.#unpriced < this.#attempts || this.#attempts === 0;
    return { ...tokens, ...(isPriced ? { costUSD: formatUSD(this.#nano) } : {}), attempts: this.#attempts, unpriced: this.#unpriced };
  }
}

/** Sums under keys. */
export class Sums {
  readonly #sums = new Map<string, Sum>();

  of(key: string): Sum {
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const sum = new Sum();
    this.#sums.set(key, sum);
    return sum;
  }

  [Symbol.iterator](): Iterator<readonly [key: string, sum: Sum]> {
    return this.#sums[Symbol.iterator]();
  }

  /** In the order of the keys. */
  byKey(): UsageSlice[] {
    return [...this.#sums].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([key, sum]) => ({ key, ...sum.totals() }));
  }

  /** Dearest first. */
  byCost(most: number): UsageSlice[] {
    const first = new First<readonly [key: string, sum: Sum]>(most, ([a, left], [b, right]) => right.nano - left.nano || (a < b ? -1 : 1));
    for (const each of this.#sums) first.offer(each);
    return first.found.map(([key, sum]) => ({ key, ...sum.totals() }));
  }
}
