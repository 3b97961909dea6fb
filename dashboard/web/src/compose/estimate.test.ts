import { expect, it } from "vitest";
import { estimateOf } from "./estimate.ts";

const repositories = ["a", "b", "c"].map((name) => ({ url: `https://github.com/acme/${name}` }));

it("is repositories times attempt, or the budget", () => {
  expect(estimateOf({ prompt: "x", repositories, agent: { maxCostUSD: "0.10" } })).toMatchObject({
    perAttemptUSD: "0.10",
    mostUSD: "0.30",
    isBudget: false,
    rounds: 1,
  });
  expect(estimateOf({ prompt: "x", repositories, budget: { maxCostUSD: 5 }, parallelism: 2 })).toMatchObject({
    mostUSD: "5.00",
    isBudget: true,
    rounds: 2,
  });
});

it("says nothing of what is not whole", () => {
  expect(estimateOf({ agent: { maxCostUSD: "lots" } })).toBeUndefined();
});
