import { annotation } from "@codybatch/crds";
import { expect, it } from "vitest";
import type { JobManifest } from "./manifest/job.ts";
import { plan } from "./plan.ts";
import { defaultSettings } from "./settings.ts";
import { repositories } from "./testing/build.ts";
import { dollars, Story } from "./testing/story.ts";
import type { Wish } from "./wish.ts";

const upgraded = { ...defaultSettings, runner: { ...defaultSettings.runner, image: "registry.example/codybatch-runner:2" } };

/** What a batch whose first repository runs and whose second waits would have done now, by the old operator and by the upgraded one. */
function wishesOfBoth(story: Story, key: string): readonly (readonly Wish[])[] {
  const observed = story.world.observe(key);
  return [plan(observed), plan({ ...observed, settings: upgraded })];
}

function startsOf(wishes: readonly Wish[]): readonly JobManifest[] {
  return wishes.flatMap((wish) => (wish.kind === "Start" ? [wish.job.manifest] : []));
}

const imagesOf = ({ spec }: JobManifest): ReadonlySet<string> =>
  new Set([...spec.template.spec.initContainers, ...spec.template.spec.containers].map(({ image }) => image));

it("leaves a running Job alone when the runner's image is another", () => {
  const story = new Story();
  const key = story.apply("node-24", { repositories: repositories(2), parallelism: 1 });
  story.starts(key, "acme/r0");
  const [before, after] = wishesOfBoth(story, key);
  expect(after).toEqual(before);
  expect(startsOf(after!)).toEqual([]);
});

it("starts what comes next from the new image, with the same inputs, so that no earlier result counts as outdated", () => {
  const story = new Story({ runningJobs: 1 });
  const other = story.apply("other", { repositories: repositories(1) });
  const key = story.apply("node-24", { repositories: repositories(2) });
  story.happens("the other batch goes", () => story.world.removeBatch(other));
  story.finishes(key, "acme/r0", { nanoUSD: dollars(0.2) });
  const blocked = story.world.observe(key);
  const jobs = blocked.jobs.filter((job) => job.changeset !== story.world.changesetOf(key, "acme/r1").metadata.name);
  const observed = { ...blocked, jobs, settings: upgraded };
  const [next] = startsOf(plan(observed));
  expect(imagesOf(next!)).toEqual(new Set(["registry.example/codybatch-runner:2"]));
  const [done] = story.world.changesetOf(key, "acme/r0").status!.attempts!;
  expect(next!.metadata.annotations[annotation.inputsHash]).toBe(done!.inputsHash);
  expect(story.world.changesetOf(key, "acme/r0").status).not.toHaveProperty("outdated");
  const rewritten = plan(observed).filter((wish) => wish.kind === "PatchChangesetStatus");
  expect(rewritten.map(({ changeset }) => changeset.spec.repository.name)).not.toContain("acme/r0");
});
