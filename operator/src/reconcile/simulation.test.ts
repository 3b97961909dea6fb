import { describe, expect, it } from "vitest";
import { Simulation } from "./testing/simulation.ts";

const seeds = 600;
const perTest = 20;

describe("any interleaving of endings, faults, edits and crashes", () => {
  const groups = Array.from({ length: seeds / perTest }, (_, group) => group * perTest);
  it.each(groups)("keeps parallelism, budget and one outcome per repository, seeds from %i", (first) => {
    for (let seed = first; seed < first + perTest; seed += 1) {
      expect(() => new Simulation({ seed }).run(), `seed ${seed}`).not.toThrow();
    }
  });
});
