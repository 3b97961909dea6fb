import type { Price } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { costOf, promptTokens, type RequestUsage } from "../money/cost.ts";
import { addAssumed, addTurn, emptyMeter } from "../money/meter.ts";
import { prices } from "../money/prices.ts";
import { admit, admitAgain, type Go, leastOutputTokens, type Limits, type Stop } from "./limits.ts";

type Random = (most: number) => number;

/** Seeded (Lehmer), so that a failure can be repeated. */
function seeded(seed: number): Random {
  let state = seed;
  return (most) => (state = (state * 48_271) % 2_147_483_647) % most;
}

function randomLimits(random: Random, scarce: "money" | "tokens"): Limits {
  return {
    maxTurns: 10_000,
    maxTokens: scarce === "tokens" ? 20_000 + random(2_000_000) : 1e12,
    maxCostNanoUSD: scarce === "money" ? 10_000_000 + random(2_000_000_000) : 1e15,
    deadline: 1,
    maxOutputTokens: 16_000,
    maxContextTokens: 1e12,
    price: prices[random(prices.length)]!,
  };
}

/** What the API may say of a request: any split of a prompt no longer than its bytes, any answer as long as allowed. */
function randomUsage(random: Random, mostPrompt: number, go: Go): RequestUsage {
  const prompt = random(3) === 0 ? mostPrompt : random(mostPrompt + 1);
  const cacheRead = random(3) === 0 ? 0 : random(prompt + 1);
  const cacheWrite5m = random(3) === 0 ? prompt - cacheRead : random(prompt - cacheRead + 1);
  const output = random(3) === 0 ? go.maxOutputTokens : random(go.maxOutputTokens + 1);
  const usage = { input: prompt - cacheRead - cacheWrite5m, output, cacheRead, cacheWrite5m, cacheWrite1h: 0 };
  return random(4) === 0 ? { ...usage, usOnly: true } : usage;
}

interface Ended {
  /** Added up beside the meter, so that a meter that forgets something is seen. */
  readonly spent: { readonly nanoUSD: number; readonly tokens: number };
  readonly stop: Stop;
  /** Of the model whose request was stopped. */
  readonly price: Price;
  readonly contextTokens: number;
  /** Infinite where a lost request, not the prompt, ended the run: how late that is cannot be told from its size. */
  readonly newBytes: number;
}

/** One run in which nothing but the gate stops the spending; now and then another model is asked in a conversation of its own. */
function spend(own: Limits, random: Random): Ended {
  const reviewer = { ...own, price: prices[random(prices.length)]! };
  let meter = emptyMeter;
  let agentContext = 0;
  const spent = { nanoUSD: 0, tokens: 0 };
  for (;;) {
    const isReview = random(8) === 0;
    const [limits, contextTokens, newBytes] = isReview ? [reviewer, 0, 1 + random(150_000)] : [own, agentContext, 1 + random(50_000)];
    const { price } = limits;
    const go = admit(limits, { meter, contextTokens, newBytes }, 0);
    if (go.kind === "stop") return { stop: go, price, contextTokens, newBytes, spent };
    for (let lost = random(6); lost > 4; lost -= 1) {
      meter = addAssumed(meter, go.worstNanoUSD, go.worstTokens);
      spent.nanoUSD += go.worstNanoUSD;
      spent.tokens += go.worstTokens;
      const stop = admitAgain(limits, { meter, contextTokens, newBytes }, go, 0);
      if (stop !== undefined) return { stop, price, contextTokens, newBytes: Infinity, spent };
    }
    const usage = randomUsage(random, contextTokens + newBytes, go);
    meter = addTurn(meter, usage, price);
    if (!isReview) agentContext = promptTokens(usage) + usage.output;
    spent.nanoUSD += costOf(price, usage);
    spent.tokens += usage.input + usage.output + usage.cacheRead + usage.cacheWrite5m;
  }
}

/** Nano-dollars of the cheapest request that the price list allows to be that dear, reckoned anew from the list: never the gate's own words. */
function leastWorst(price: Price, prompt: number): number {
  const { input, write5m, output } = price.tiers.find(({ maxPromptTokens = Infinity }) => prompt <= maxPromptTokens)!;
  return (prompt * Math.max(input, write5m) + leastOutputTokens * output) * 1000 * 1.1;
}

describe("over 3,000 random runs, second opinions of other models among them, the gate", () => {
  it("never lets the money pass its cap, and stops only when the next request could", () => {
    const random = seeded(20_261_121);
    for (let run = 0; run < 2000; run += 1) {
      const limits = randomLimits(random, "money");
      const { stop, price, contextTokens, newBytes, spent } = spend(limits, random);
      const left = limits.maxCostNanoUSD - spent.nanoUSD;
      expect({ run, reason: stop.reason, passed: left < 0 }).toEqual({ run, reason: "BudgetExhausted", passed: false });
      expect(leastWorst(price, contextTokens + newBytes) + 2).toBeGreaterThan(left);
    }
  });

  it("never lets the tokens pass theirs, and stops only when the next request could", () => {
    const random = seeded(4711);
    for (let run = 0; run < 1000; run += 1) {
      const limits = randomLimits(random, "tokens");
      const { stop, contextTokens, newBytes, spent } = spend(limits, random);
      const left = limits.maxTokens - spent.tokens;
      expect({ run, reason: stop.reason, passed: left < 0 }).toEqual({ run, reason: "TokensExhausted", passed: false });
      expect(contextTokens + newBytes + leastOutputTokens).toBeGreaterThan(left);
    }
  });
});
