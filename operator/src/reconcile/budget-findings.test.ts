import { describe, expect, it } from "vitest";
import { plan } from "./plan.ts";
import { repositories } from "./testing/build.ts";
import { dollars, Story } from "./testing/story.ts";
import type { Wish } from "./wish.ts";

/** Five repositories at a dollar each, one after the other. */
function batchOfFive(spec = {}): { readonly story: Story; readonly key: string } {
  const story = new Story();
  const key = story.apply("node-24", { repositories: repositories(5), parallelism: 1, agent: { maxCostUSD: 1 }, ...spec });
  return { story, key };
}

function spend(story: Story, key: string, from: number, to: number): void {
  for (let index = from; index < to; index += 1) story.finishes(key, `acme/r${index}`, { nanoUSD: dollars(1) });
}

/** The conditions about the budget, such as `BudgetExceeded True`. */
function shown({ world }: Story, key: string): readonly string[] {
  const conditions = world.batches.get(key)?.status?.conditions ?? [];
  return conditions.filter(({ type }) => type.startsWith("Budget")).map(({ type, status }) => `${type} ${status}`);
}

const eventsOf = (wishes: readonly Wish[]): readonly string[] =>
  wishes.flatMap((wish) => (wish.kind === "EmitEvent" ? [wish.notice.reason] : []));

describe("a budget that somebody set", () => {
  it("is told of at 80 % and at 100 % of it, once each, and no more once it is raised", async () => {
    const { story, key } = batchOfFive({ budget: { maxCostUSD: 5 } });
    spend(story, key, 0, 5);
    expect(shown(story, key)).toEqual(["BudgetNearlySpent True", "BudgetExceeded True"]);
    story.happens("the user raises spec.budget.maxCostUSD to 10", () => story.world.edit(key, { budget: { maxCostUSD: 10 } }));
    expect(shown(story, key)).toEqual(["BudgetNearlySpent False", "BudgetExceeded False"]);
    await expect(story.text).toMatchFileSnapshot("./testdata/budget-alarms.log");
  });

  it("has no condition before, with a cent less than 80 % too", () => {
    const { story, key } = batchOfFive({ budget: { maxCostUSD: "5.01" } });
    spend(story, key, 0, 4);
    expect(shown(story, key)).toEqual([]);
  });

  it("counts nothing that is only reserved", () => {
    const { story, key } = batchOfFive({ budget: { maxCostUSD: 5 }, parallelism: 5 });
    story.starts(key, "acme/r0");
    expect(shown(story, key)).toEqual([]);
  });

  it("is told of again by an operator that died between the status and the Event, only if the status was not written", () => {
    const { story, key } = batchOfFive({ budget: { maxCostUSD: 5 } });
    spend(story, key, 0, 3);
    story.kubelet.finish(story.pod(key, "acme/r3"), { nanoUSD: dollars(1) });
    const observed = story.world.observe(key);
    const [first, second] = [plan(observed), plan(observed)];
    expect([eventsOf(first), eventsOf(second)]).toEqual([["MostOfBudgetSpent"], ["MostOfBudgetSpent"]]);
    for (const wish of first) if (wish.kind !== "Start" && wish.kind !== "Publish") story.world.apply(key, wish);
    expect(eventsOf(plan(story.world.observe(key)))).toEqual([]);
  });

  it("is told of when it is lowered to less than what is spent", () => {
    const { story, key } = batchOfFive({ budget: { maxCostUSD: 5 } });
    spend(story, key, 0, 2);
    story.happens("the user lowers the budget", () => story.world.edit(key, { budget: { maxCostUSD: 1 } }));
    expect(shown(story, key)).toEqual(["BudgetNearlySpent True", "BudgetExceeded True"]);
    expect(story.text).toContain("$2.00 of $1.00 are spent (200 %)");
  });
});

it("says nothing of a budget that nobody set, because it grows with each run that is asked for", () => {
  const { story, key } = batchOfFive();
  spend(story, key, 0, 5);
  expect(shown(story, key)).toEqual([]);
});
