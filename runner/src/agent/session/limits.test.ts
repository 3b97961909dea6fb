import { describe, expect, it } from "vitest";
import { addAssumed, addTurn, emptyMeter, type Meter } from "../money/meter.ts";
import { priceOf } from "../money/prices.ts";
import { admit, admitAgain, leastOutputTokens, type Limits, shareUsed, type Standing } from "./limits.ts";

const price = priceOf("claude-sonnet-5-5", new Date("2026-11-21"))!;
const limits: Limits = {
  maxTurns: 10,
  maxTokens: 1_000_000,
  maxCostNanoUSD: 2_000_000_000,
  deadline: 60_000,
  maxOutputTokens: 16_000,
  maxContextTokens: 180_000,
  price,
};

function used(part: Partial<Meter>): Meter {
  return { ...emptyMeter, ...part };
}

function at(meter: Meter, contextTokens = 0, newBytes = 0): Standing {
  return { meter, contextTokens, newBytes };
}

describe("the gate before a request", () => {
  it("lets a request through with the longest answer when nothing is scarce", () => {
    expect(admit(limits, at(emptyMeter, 1000, 500), 0)).toEqual({
      kind: "go",
      maxOutputTokens: 16_000,
      worstNanoUSD: 1500 * 2750 + 16_000 * 11_000,
      worstTokens: 17_500,
    });
  });

  it.each<[string, Partial<Meter>, number, number, number, string]>([
    ["the time is over", {}, 0, 0, 60_000, "DeadlineExceeded"],
    ["all turns are used", { turns: 10 }, 0, 0, 0, "TurnsExhausted"],
    ["the conversation is too long", {}, 180_000, 0, 0, "ContextExceeded"],
    ["all money is spent", { costNanoUSD: 2_000_000_000 }, 0, 0, 0, "BudgetExhausted"],
    ["the prompt alone could pass the money", { costNanoUSD: 1_999_000_000 }, 1000, 0, 0, "BudgetExhausted"],
    [
      "one byte of new text could pass the money",
      { costNanoUSD: 2_000_000_000 - leastOutputTokens * 11_000 - 2750 },
      0,
      2,
      0,
      "BudgetExhausted",
    ],
    ["all tokens are used", { input: 1_000_000 }, 0, 0, 0, "TokensExhausted"],
    ["cached tokens count too", { cacheRead: 600_000, cacheWrite: 399_000 }, 0, 0, 0, "TokensExhausted"],
    ["tokens of lost requests count too", { assumedTokens: 999_500 }, 0, 0, 0, "TokensExhausted"],
  ])("stops when %s", (...[, meter, contextTokens, newBytes, now, reason]) => {
    expect(admit(limits, at(used(meter), contextTokens, newBytes), now)).toMatchObject({ kind: "stop", reason });
  });

  it("shrinks the answer to what the money leaves, and no request can then pass the cap", () => {
    const meter = used({ costNanoUSD: 1_945_000_000 });
    const go = admit(limits, at(meter, 4000), 0);
    expect(go).toMatchObject({ kind: "go", maxOutputTokens: 4000 });
    expect(meter.costNanoUSD + (go.kind === "go" ? go.worstNanoUSD : Infinity)).toBeLessThanOrEqual(limits.maxCostNanoUSD);
  });

  it("lets the smallest useful answer through, and nothing below", () => {
    const left = leastOutputTokens * 11_000;
    expect(admit(limits, at(used({ costNanoUSD: limits.maxCostNanoUSD - left })), 0)).toMatchObject({ maxOutputTokens: leastOutputTokens });
    expect(admit(limits, at(used({ costNanoUSD: limits.maxCostNanoUSD - left + 1 })), 0)).toMatchObject({ kind: "stop" });
  });

  it("shrinks the answer to the tokens that are left", () => {
    expect(admit(limits, at(used({ input: 990_000 }), 5000), 0)).toMatchObject({ kind: "go", maxOutputTokens: 5000 });
  });

  it("stays below the cap over whole runs in which every request costs its worst", () => {
    let meter = emptyMeter;
    let contextTokens = 0;
    for (let turn = 0; turn < 1000; turn += 1) {
      const go = admit({ ...limits, maxTurns: 1000, maxTokens: 1e9 }, at(meter, contextTokens, 3000), 0);
      if (go.kind === "stop") break;
      const prompt = contextTokens + 3000;
      meter = addTurn(meter, { input: 0, output: go.maxOutputTokens, cacheRead: 0, cacheWrite5m: prompt, cacheWrite1h: 0 }, price);
      contextTokens = prompt + go.maxOutputTokens;
      expect(meter.costNanoUSD).toBeLessThanOrEqual(limits.maxCostNanoUSD);
    }
    expect(meter.turns).toBeGreaterThan(5);
  });
});

describe("the gate before the same request goes out again", () => {
  const go = admit(limits, at(emptyMeter, 0, 1000), 0);
  if (go.kind === "stop") throw new Error(go.message);

  it("lets it through while its worst case still fits", () => {
    expect(admitAgain(limits, at(emptyMeter), go, 0)).toBeUndefined();
  });

  it("counts what lost requests may have cost", () => {
    let meter = emptyMeter;
    let sent = 0;
    while (admitAgain(limits, at(meter), go, 0) === undefined) {
      meter = addAssumed(meter, go.worstNanoUSD, go.worstTokens);
      sent += 1;
    }
    expect(sent).toBe(11);
    expect(meter.costNanoUSD).toBeLessThanOrEqual(limits.maxCostNanoUSD);
    expect(admitAgain(limits, at(meter), go, 0)).toMatchObject({ reason: "BudgetExhausted" });
  });

  it("stops at the deadline", () => {
    expect(admitAgain(limits, at(emptyMeter), go, 60_000)).toMatchObject({ reason: "DeadlineExceeded" });
  });
});

describe("the share of the scarcest limit", () => {
  it.each<[string, Partial<Meter>, number, number, number]>([
    ["turns", { turns: 8 }, 0, 0, 0.8],
    ["tokens", { input: 900_000 }, 0, 0, 0.9],
    ["money", { costNanoUSD: 1_000_000_000 }, 0, 0, 0.5],
    ["money that the next prompt can take", { costNanoUSD: 1_000_000_000 }, 100_000, 0, 0.6375],
    ["time", {}, 0, 30_000, 0.5],
  ])("follows %s", (...[, meter, contextTokens, now, share]) => {
    expect(shareUsed(limits, at(used(meter), contextTokens), 0, now)).toBeCloseTo(share, 5);
  });
});
