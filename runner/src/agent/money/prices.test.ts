import { describe, expect, it } from "vitest";
import { boundOf, costOf, promptTokens } from "./cost.ts";
import { Price } from "@codybatch/crds";
import { priceOf, prices } from "./prices.ts";

const today = new Date("2026-11-21T12:00:00Z");
const none = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

function known(model: string, at = today): Price {
  const price = priceOf(model, at);
  expect({ model, price }).toMatchObject({ price: expect.anything() });
  return price!;
}

describe("the price of a model", () => {
  it.each([
    ["claude-opus-5-5", "claude-opus-5-5"],
    ["claude-opus-5", "claude-opus-5"],
    ["claude-haiku-4-5-20251001", "claude-haiku-4-5"],
    ["claude-sonnet-5-5-20261007", "claude-sonnet-5-5"],
  ])("is found for %s", (model, name) => {
    expect(known(model).model).toBe(name);
  });

  it.each([
    "claude-opus-5-9",
    "claude-mythos-5-2",
    "claude-opus",
    "gpt-5",
    "",
    "claude-opus-5-5-latest",
    "claude-opus-5-5x",
    "claude-opus-5-2026100",
  ])("is unknown for %j and never taken from another model", (model) => {
    expect(priceOf(model, today)).toBeUndefined();
  });

  it("is the administrator's own where there is one, dated too, also for a model that is not in the table", () => {
    const row = { input: 1, output: 2, cacheRead: 0.1, write5m: 1.25, write1h: 2 };
    const own = [
      { model: "claude-opus-5-5", effectiveFrom: "2026-11-21", tiers: [row] },
      { model: "house-model", effectiveFrom: "2025-01-01", tiers: [row] },
    ];
    expect(priceOf("claude-opus-5-5", today, own)).toBe(own[0]);
    expect(priceOf("claude-opus-5-5", new Date("2026-11-20"), own)?.tiers[0]?.input).toBe(4);
    expect(priceOf("house-model", today, own)).toBe(own[1]);
    expect(priceOf("claude-fable-5-2", today, own)?.tiers[0]?.input).toBe(8);
  });

  const row = { input: 1, output: 2, cacheRead: 0.1, write5m: 1.25, write1h: 2 };
  it.each([
    ["without a tier for every size", [{ ...row, maxPromptTokens: 10 }]],
    ["with tiers that fall", [{ ...row, maxPromptTokens: 10 }, { ...row, maxPromptTokens: 5 }, row]],
    ["with a tier behind the last", [row, row]],
    ["without a tier", []],
    ["below zero", [{ ...row, input: -1 }]],
    ["finer than a nano-dollar", [{ ...row, input: 0.0001 }]],
    ["with an unknown field", [{ ...row, batch: 1 }]],
  ])("is refused %s", (_, tiers) => {
    expect(Price.safeParse({ model: "m", tiers: [row] }).success).toBe(true);
    expect(Price.safeParse({ model: "m", tiers }).success).toBe(false);
  });

  it("changes on the day it says", () => {
    expect(known("claude-sonnet-5-5", new Date("2026-10-06T23:59:59Z")).tiers[0]?.cacheRead).toBe(0.2);
    expect(known("claude-sonnet-5-5", new Date("2026-10-07T00:00:00Z")).tiers[0]?.cacheRead).toBe(0.1);
  });

  it.each(prices.map((price) => [`${price.model} from ${price.effectiveFrom}`, price] as const))(
    "has whole nano-dollars, rising tiers and a source: %s",
    (_, price) => {
      expect(price.tiers.at(-1)?.maxPromptTokens).toBeUndefined();
      expect(price.source).not.toBe("");
      for (const { input, output, cacheRead, write5m, write1h } of price.tiers) {
        for (const dollars of [input, output, cacheRead, write5m, write1h])
          expect(Math.abs(dollars * 1000 - Math.round(dollars * 1000))).toBeLessThan(1e-9);
        expect(cacheRead).toBeLessThan(input);
        expect(write1h).toBeGreaterThan(write5m);
      }
    },
  );
});

describe("the cost of a request", () => {
  it.each([
    [
      "sonnet 5.5, every kind of token",
      "claude-sonnet-5-5",
      { input: 10, output: 100, cacheRead: 1000, cacheWrite5m: 50, cacheWrite1h: 7 },
      20_000 + 1_000_000 + 100_000 + 125_000 + 28_000,
    ],
    ["haiku 5.5 at 100,000 tokens of prompt", "claude-haiku-5-5", { ...none, input: 100_000, output: 10 }, 10_000_000 + 5000],
    [
      "haiku 5.5 one token above: all of it at the second tier",
      "claude-haiku-5-5",
      { ...none, input: 1, cacheRead: 100_000, output: 10 },
      500 + 5_000_000 + 25_000,
    ],
    ["haiku 5.5, cache writes count for the tier", "claude-haiku-5-5", { ...none, cacheWrite5m: 100_001 }, 62_500_625],
    ["fable 5.2", "claude-fable-5-2", { ...none, cacheRead: 3, output: 1 }, 600 + 40_000],
    ["within the USA", "claude-opus-5-5", { ...none, input: 3, usOnly: true }, 13_200],
    ["nothing", "claude-opus-5-5", none, 0],
  ])("is exact: %s", (_, model, usage, nano) => {
    expect(costOf(known(model), usage)).toBe(nano);
  });

  it("never passes its bound, whatever part of the prompt is cached", () => {
    let seed = 7;
    const random = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % most;
    for (let round = 0; round < 500; round += 1) {
      const own = () => ({ input: random(9), output: random(9), cacheRead: random(9), write5m: random(9), write1h: random(9) });
      const strange = { model: "own", effectiveFrom: "2025-01-01", tiers: [{ ...own(), maxPromptTokens: 100_000 }, own()] };
      const price = random(3) === 0 ? strange : prices[random(prices.length)]!;
      const usage = {
        input: random(80_000),
        output: random(32_000),
        cacheRead: random(80_000),
        cacheWrite5m: random(80_000),
        cacheWrite1h: 0,
      };
      const bound = boundOf(price, promptTokens(usage) + random(1000));
      expect(costOf(price, usage)).toBeLessThanOrEqual(bound.prompt + usage.output * bound.perOutputToken);
    }
  });
});
