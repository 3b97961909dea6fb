import type { Price, RunUsage } from "@codybatch/crds";
import { costOf, type RequestUsage } from "./cost.ts";

/** What a run has used so far. Every change gives a new value. */
export interface Meter {
  readonly turns: number;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly costNanoUSD: number;
  /** Part of the cost: the worst case of requests whose usage never arrived. */
  readonly assumedNanoUSD: number;
  /** Tokens of those requests at most; they count against the limit of tokens. */
  readonly assumedTokens: number;
}

export const emptyMeter: Meter = {
  turns: 0,
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  costNanoUSD: 0,
  assumedNanoUSD: 0,
  assumedTokens: 0,
};

/** Adds a request that was answered. */
export function addTurn(meter: Meter, usage: RequestUsage, price: Price): Meter {
  return {
    ...meter,
    turns: meter.turns + 1,
    input: meter.input + usage.input,
    output: meter.output + usage.output,
    cacheRead: meter.cacheRead + usage.cacheRead,
    cacheWrite: meter.cacheWrite + usage.cacheWrite5m + usage.cacheWrite1h,
    costNanoUSD: meter.costNanoUSD + costOf(price, usage),
  };
}

/** Adds a request that may have been charged although no usage arrived. */
export function addAssumed(meter: Meter, nanoUSD: number, tokens: number): Meter {
  return {
    ...meter,
    costNanoUSD: meter.costNanoUSD + nanoUSD,
    assumedNanoUSD: meter.assumedNanoUSD + nanoUSD,
    assumedTokens: meter.assumedTokens + tokens,
  };
}

/** All tokens that count against `maxTokens`. */
export function tokensOf(meter: Meter): number {
  return meter.input + meter.output + meter.cacheRead + meter.cacheWrite + meter.assumedTokens;
}

/** The shape that progress and result carry. */
export function usageOf(meter: Meter): RunUsage {
  const { turns, input, output, cacheRead, cacheWrite, costNanoUSD, assumedNanoUSD } = meter;
  return { turns, input, output, cacheRead, cacheWrite, costNanoUSD, ...(assumedNanoUSD > 0 ? { assumedNanoUSD } : {}) };
}

/** One request's own usage, for the event of its answer. */
export function usageOfRequest(usage: RequestUsage, price: Price): RunUsage {
  return usageOf(addTurn(emptyMeter, usage, price));
}
