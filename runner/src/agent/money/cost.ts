import type { Price, PriceTier } from "@codybatch/crds";

/** Tokens of one request as the API counts them; `input` has no cached ones. */
export interface RequestUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  /** The request was held within the USA, which costs a tenth more. */
  readonly usOnly?: boolean;
}

/** Tokens of the whole prompt, which decides the tier. */
export function promptTokens(usage: RequestUsage): number {
  return usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
}

/** What one request cost, in whole nano-dollars. */
export function costOf(price: Price, usage: RequestUsage): number {
  const tier = tierFor(price, promptTokens(usage));
  const plain =
    usage.input * nanoPerToken(tier.input) +
    usage.output * nanoPerToken(tier.output) +
    usage.cacheRead * nanoPerToken(tier.cacheRead) +
    usage.cacheWrite5m * nanoPerToken(tier.write5m) +
    usage.cacheWrite1h * nanoPerToken(tier.write1h);
  return usage.usOnly === true ? withResidency(plain) : plain;
}

/** Upper bounds in nano-dollars for a request whose prompt has at most so many tokens. */
export interface Bound {
  readonly prompt: number;
  readonly perOutputToken: number;
}

/**
 * The dearest that such a prompt can cost: nothing read from the cache, all of it written there, and within the USA, which an
 * account's settings can demand; in an administrator's own prices a smaller prompt may even be dearer. No one-hour cache is ever asked for.
 */
export function boundOf(price: Price, mostPromptTokens: number): Bound {
  const tiers = price.tiers.slice(0, price.tiers.indexOf(tierFor(price, mostPromptTokens)) + 1);
  const input = Math.max(...tiers.flatMap((tier) => [tier.input, tier.write5m, tier.cacheRead]));
  const output = Math.max(...tiers.map((tier) => tier.output));
  return {
    prompt: withResidency(mostPromptTokens * nanoPerToken(input)),
    perOutputToken: withResidency(nanoPerToken(output)),
  };
}

/** `inference_geo: "us"` costs 1.1 times as much on every kind of token. */
function withResidency(nanoUSD: number): number {
  return Math.ceil((nanoUSD * 11) / 10);
}

function tierFor(price: Price, prompt: number): PriceTier {
  const tier = price.tiers.find((candidate) => prompt <= (candidate.maxPromptTokens ?? Infinity));
  if (tier === undefined) throw new Error(`the price of ${price.model} has no tier without a limit`);
  return tier;
}

/** Dollars per million tokens are micro-dollars per token; all prices have at most three places, so this is exact. */
function nanoPerToken(dollarsPerMillion: number): number {
  return Math.round(dollarsPerMillion * 1000);
}
