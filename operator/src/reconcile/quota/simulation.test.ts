import { describe, expect, it } from "vitest";
import { Simulation } from "../testing/simulation.ts";

const seeds = 160;
const perTest = 20;

describe("any interleaving of endings, faults, deletions, crashes and midnights", () => {
  const groups = Array.from({ length: seeds / perTest }, (_, group) => group * perTest);
  it.each(groups)("keeps every quota with real money and counts every charge once, seeds from %i", (first) => {
    for (let seed = first; seed < first + perTest; seed += 1) {
      const quotas = [
        { namespaces: ["*"], period: "day" as const, maxCostUSD: 1 + (seed % 4) },
        { namespaces: ["*"], period: "month" as const, maxCostUSD: 2 + (seed % 7) },
      ];
      expect(() => new Simulation({ seed, quotas }).run(), `seed ${seed}`).not.toThrow();
    }
  });
});
