import { formatUSD } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { addUsage, type ShownUsage } from "./spend.ts";
import { randomOf } from "./testing/random.ts";

const none = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

describe("the share of input that the cache served", () => {
  it.each([
    ["is absent before any request", none, undefined],
    ["is 0 where nothing came from the cache", { ...none, input: 10, cacheWrite: 90 }, 0],
    ["is rounded down, so that 100 means all", { ...none, input: 1, cacheRead: 999 }, 99],
    ["leaves output out", { ...none, output: 5000, cacheRead: 7 }, 100],
    ["counts what was written to the cache as not read", { ...none, input: 10, cacheRead: 60, cacheWrite: 30 }, 60],
  ])("%s", (_, tokens, percent) => {
    expect(addUsage([tokens])?.cacheReadPercent).toBe(percent);
  });

  it("is that of the sum, not a mean of the parts", () => {
    const large = { ...none, input: 100, cacheRead: 900, cacheReadPercent: 90 };
    expect(addUsage([large, { ...none, input: 1000, cacheReadPercent: 0 }])?.cacheReadPercent).toBe(45);
  });

  it("stays when its own sum is added up again, so that status is not written anew", () => {
    const once = addUsage([{ ...none, input: 3, cacheRead: 4, costUSD: "0.01" }]);
    expect(addUsage([once!])).toEqual(once);
  });
});

it("adds up to the last token and nano-dollar, in any grouping", () => {
  const random = randomOf(41);
  const parts = Array.from({ length: 500 }, (): ShownUsage => {
    const [input, output, cacheRead, cacheWrite, nano] = [1e5, 1e4, 1e6, 1e5, 3e9].map((most) => random.below(most));
    return { input: input!, output: output!, cacheRead: cacheRead!, cacheWrite: cacheWrite!, costUSD: formatUSD(nano!) };
  });
  const groups = Map.groupBy(parts, () => random.below(9));
  expect(addUsage([...groups.values()].flatMap((group) => addUsage(group) ?? []))).toEqual(addUsage(parts));
  expect(addUsage(parts)?.input).toBe(parts.reduce((sum, { input }) => sum + input, 0));
});
