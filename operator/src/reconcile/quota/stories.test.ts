import { expect, it } from "vitest";
import { nextLook } from "../next-look.ts";
import { viewOf } from "../plan.ts";
import { Bank } from "../testing/bank.ts";
import type { SpecInput } from "../testing/build.ts";
import { Story } from "../testing/story.ts";
import type { Quota } from "./quota.ts";

const dollars = (amount: number): number => amount * 1e9;
const spec = (names: readonly string[], more: SpecInput = {}): SpecInput => ({
  repositories: names.map((name) => ({ url: `https://github.com/acme/${name}` })),
  ...more,
});

function storyWith(...quotas: readonly Omit<Quota, "namespaces">[]): Story {
  const story = new Story();
  story.world.bank = new Bank(
    story.world,
    quotas.map((quota) => ({ namespaces: ["team-*"], ...quota })),
  );
  return story;
}

/** When time alone brings the batch another pass. */
function lookOf({ world }: Story, key: string): string | undefined {
  const observed = world.observe(key);
  return nextLook(viewOf({ ...observed, purse: world.bank!.purseFor(observed) }))?.toISOString();
}

it("tells of a quota that is nearly spent, waits for the next day, and goes on", async () => {
  const story = storyWith({ period: "day", maxCostUSD: "4.00" }, { period: "month", maxCostUSD: 100 });
  const key = story.apply("node-24", spec(["a", "b", "c"], { parallelism: 1 }));
  story.finishes(key, "acme/a", { nanoUSD: dollars(1.6) });
  story.finishes(key, "acme/b", { nanoUSD: dollars(1.7) });
  story.later(53_900, "midnight in UTC is still to come");
  expect(lookOf(story, key)).toBe("2026-03-03T00:00:00.000Z");
  story.later(100, "it is the next day");
  story.finishes(key, "acme/c", { nanoUSD: dollars(1) });
  await expect(story.text).toMatchFileSnapshot("../testdata/quota.log");
});

it("does not give a batch what another has spent by being deleted", async () => {
  const story = storyWith({ period: "month", maxCostUSD: 5 });
  const first = story.apply("first", spec(["a", "b"]));
  story.finishes(first, "acme/a", { nanoUSD: dollars(1.5) });
  story.starts(first, "acme/b");
  story.happens("the user deletes first", () => story.world.removeBatch(first));
  const second = story.apply("second", spec(["c", "d"], { agent: { maxCostUSD: "1.50" } }));
  story.starts(second, "acme/c");
  await expect(story.text).toMatchFileSnapshot("../testdata/quota-and-deletion.log");
});

it("writes a waiting repository's status once, however often the figures move", () => {
  const story = storyWith({ period: "day", maxCostUSD: 4 });
  const first = story.apply("first", spec(["a", "b"]));
  const second = story.apply("second", spec(["c"], { agent: { maxCostUSD: "1.50" } }));
  const message = (): string | undefined => story.world.changesetOf(second, "acme/c").status?.message;
  expect(message()).toContain("$0.00 are spent and $4.00 reserved. It renews at 2026-03-03T00:00:00Z.");
  story.starts(first, "acme/a");
  story.happens("a is half done", () => story.kubelet.finish(story.pod(first, "acme/a"), { nanoUSD: dollars(0.75) }));
  story.happens("second is looked at", () => undefined);
  expect(message()).toContain("$0.00 are spent and $4.00 reserved.");
  story.world.edit(second, { agent: { ...story.world.batches.get(second)!.spec.agent, maxCostUSD: "1.60" } });
  story.happens("the user edits the cap", () => undefined);
  expect(message()).toMatch(/^This attempt may cost \$1\.60, .* \$0\.75 are spent and \$2\.00 reserved\./);
});

it("looks again at a batch of which nobody knows what it may spend", () => {
  const story = new Story();
  const key = story.apply("node-24", spec(["a"]));
  const observed = { ...story.world.observe(key), jobs: [], purse: { kind: "Closed", message: "Ask an administrator." } as const };
  expect(nextLook(viewOf(observed))?.getTime()).toBe(observed.now.getTime() + 30_000);
});

it("writes each waiting repository's status once while runs end one after the other", () => {
  const names = ["a", "b", "c", "d", "e"];
  for (const [parallelism, quota, waits] of [
    [1, 3, [0, 1, 1, 1, 1]],
    [3, 5, [0, 0, 1, 1, 1]],
  ] as const) {
    const story = storyWith({ period: "day", maxCostUSD: quota });
    const key = story.apply("node-24", spec(names, { parallelism }));
    for (const name of names) story.finishes(key, `acme/${name}`, { nanoUSD: dollars(0.05) });
    const lines = story.text.split("\n").filter((line) => line.includes("Pending"));
    const perRepository = names.map((name) => lines.filter((line) => line.includes(`acme/${name}:`)).length);
    expect(perRepository).toEqual(waits);
    expect(story.text).toContain("Succeeded 5/5");
  }
});
