import { formatUSD } from "@codybatch/crds";
import type { UsageSlice } from "@codybatch/dashboard-contract";
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

  /** In the order of the keys. */
  byKey(): UsageSlice[] {
    return [...this.#sums].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([key, sum]) => ({ key, ...sum.totals() }));
  }

  /** Dearest first. */
  byCost(most: number): UsageSlice[] {
    const sorted = [...this.#sums].toSorted(([a, left], [b, right]) => right.nano - left.nano || (a < b ? -1 : 1));
    return sorted.slice(0, most).map(([key, sum]) => ({ key, ...sum.totals() }));
  }
}
