import { describe, expect, it } from "vitest";
import { fits, ledgerOf, reserve } from "./budget.ts";
import { repositories } from "./testing/build.ts";
import { dollars, Story } from "./testing/story.ts";
import { entriesOf } from "./repositories.ts";
import { worksOf } from "./work.ts";

function ledger(story: Story, key: string) {
  const observed = story.world.observe(key);
  return ledgerOf(observed.batch.spec, worksOf(observed, entriesOf(observed.batch)));
}

describe("a batch's money", () => {
  it.each([
    [true, { budget: 10, spent: 4, reserved: 4 }, 2],
    [false, { budget: 10, spent: 4, reserved: 4 }, 3],
    [false, { budget: 0, spent: 0, reserved: 0 }, 1],
    [false, reserve({ budget: 10, spent: 4, reserved: 4 }, 2), 1],
  ])("says %s to %o with another %i", (want, money, own) => {
    expect(fits(money, own)).toBe(want);
  });

  it("counts what running Jobs may still spend, then what they have spent", () => {
    const story = new Story();
    const key = story.apply("node-24", {
      repositories: repositories(3),
      parallelism: 2,
      budget: { maxCostUSD: 9 },
      agent: { maxCostUSD: "1.50" },
    });
    expect(ledger(story, key)).toEqual({ budget: dollars(9), spent: 0, reserved: dollars(3) });
    story.finishes(key, "acme/r0", { nanoUSD: dollars(0.5) });
    expect(ledger(story, key)).toEqual({ budget: dollars(9), spent: dollars(0.5), reserved: dollars(3) });
  });

  it("may, without a budget, be what the attempts cost that the user asked for", () => {
    const story = new Story();
    const key = story.apply("node-24", { repositories: repositories(2), agent: { maxCostUSD: 2 } });
    expect(ledger(story, key).budget).toBe(dollars(4));
    story.finishes(key, "acme/r0", { reason: "Stuck", nanoUSD: dollars(2) });
    story.world.editChangeset(story.world.changesetOf(key, "acme/r0").metadata.name, { attempt: 1 });
    expect(ledger(story, key).budget).toBe(dollars(6));
  });
});
