import { annotation, RunInput, shortHash } from "@codybatch/crds";
import { expect, it } from "vitest";
import { inputsHash } from "./inputs.ts";
import { plan } from "./plan.ts";
import { batchOf, repositories, type SpecInput } from "./testing/build.ts";
import { Story } from "./testing/story.ts";

it.each([undefined, { model: "claude-opus-5-5" }])("hands the second opinion to the run: %j", (review) => {
  const story = new Story({ runningJobs: 1 });
  const other = story.apply("other", { repositories: repositories(1) });
  const key = story.apply("node-24", { repositories: repositories(1), ...(review === undefined ? {} : { review }) });
  story.happens("the other batch goes", () => story.world.removeBatch(other));
  const wishes = plan({ ...story.world.observe(key), jobs: [] });
  const inputs = wishes.flatMap((wish) =>
    wish.kind === "Start" ? [RunInput.parse(JSON.parse(wish.job.manifest.spec.template.metadata.annotations[annotation.input] ?? ""))] : [],
  );
  expect(inputs.map((input) => input.review)).toEqual([review]);
});

const hashOf = (spec: SpecInput): string => inputsHash(batchOf(spec).spec, "p");

it("a second opinion is part of what an attempt worked with, and each of its models is another", () => {
  const hashes = [{}, { review: { model: "claude-opus-5-5" } }, { review: { model: "claude-opus-5" } }].map(hashOf);
  expect(new Set(hashes).size).toBe(3);
});

it("without one the hash is what it was before there were second opinions, so that an upgrade makes no result outdated", () => {
  const { agent, toolbox, checks } = batchOf({}).spec;
  expect(hashOf({})).toBe(shortHash(JSON.stringify(["p", agent, toolbox, checks])));
});
