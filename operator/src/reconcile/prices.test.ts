import { annotation, RunInput } from "@codybatch/crds";
import { expect, it } from "vitest";
import { plan } from "./plan.ts";
import { limitsOf, repositories } from "./testing/build.ts";
import { Story } from "./testing/story.ts";

const tiers = [{ input: 2, output: 10, cacheRead: 0.1, write5m: 2.5, write1h: 4 }];

it.each([
  ["none", [], undefined],
  ["one without a day", [{ model: "house-model", tiers }], [{ model: "house-model", effectiveFrom: "2025-01-01", tiers }]],
])("hands the administrator's prices to the run: %s", (_, prices, handed) => {
  const story = new Story({ runningJobs: 1 });
  const other = story.apply("other", { repositories: repositories(1) });
  const key = story.apply("node-24", { repositories: repositories(1) });
  story.happens("the other batch goes", () => story.world.removeBatch(other));
  const blocked = story.world.observe(key);
  const wishes = plan({ ...blocked, jobs: [], limits: limitsOf({ prices }) });
  const [input] = wishes.flatMap((wish) =>
    wish.kind === "Start" ? [RunInput.parse(JSON.parse(wish.job.manifest.spec.template.metadata.annotations[annotation.input] ?? ""))] : [],
  );
  expect(input?.changeset.name).toMatch(/^node-24-/);
  expect(input?.prices).toEqual(handed);
});
