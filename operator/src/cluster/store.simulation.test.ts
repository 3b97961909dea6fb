import { describe, expect, it } from "vitest";
import { randomOf } from "../reconcile/testing/random.ts";
import { StoreRun } from "./testing/store-run.ts";

const seeds = 400;
const perTest = 40;

describe("any interleaving of writes, their answers, watch events and lists", () => {
  const groups = Array.from({ length: seeds / perTest }, (_, group) => group * perTest);
  it.each(groups)("never goes back, never brings back what is gone, and ends equal to the server, seeds from %i", (first) => {
    for (let seed = first; seed < first + perTest; seed += 1) {
      const run = new StoreRun(randomOf(seed));
      expect(() => run.steps(120), `seed ${seed}`).not.toThrow();
      run.catchUp();
      expect(run.cached, `seed ${seed}`).toEqual(run.served);
      expect(run.told, `seed ${seed}`).toEqual(run.served);
    }
  });
});
