import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { validate } from "@codybatch/crds";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { refusalOf } from "../../../operator/src/reconcile/accepted.ts";
import { Limits } from "../../../operator/src/reconcile/limits.ts";
import type { Observed } from "../../../operator/src/reconcile/observed.ts";
import { startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { Batch } from "../story/batch.ts";
import { endStory, tellFailure } from "../story/ending.ts";
import { reports, scenario } from "../story/model.ts";
import { expectApplies } from "../story/stored.ts";
import { exampleStories } from "./example-stories.ts";
import { demandedLimits, examples } from "./example.ts";

const chart = join(import.meta.dirname, "../../../charts/cody-batch/values.yaml");
const all = await examples();
let local: LocalMode;

beforeAll(async () => {
  const due = Object.entries(exampleStories).map(([name, { turns, reviews }]) => ({
    ...scenario(name, { repository: `${name}/due` }, ...turns),
    reviews,
  }));
  local = await startLocalMode({
    secrets: { ANTHROPIC_API_KEY: "example-key-71c0" },
    limits: demandedLimits(all),
    runChecks: true,
    scenarios: [...due, scenario("done", { repository: "*/done" }, reports(false, "Is so already"))],
  });
});
afterAll(() => endStory(local));
afterEach(({ task }) => tellFailure(local, task));

test("there are seven examples, each named as its file and listed on their page", async () => {
  const page = await readFile(join(import.meta.dirname, "../../../docs/examples/README.md"), "utf8");
  expect(all.map(({ name }) => name)).toEqual(Object.keys(exampleStories));
  expect(all.map(({ manifest }) => manifest.metadata.name)).toEqual(all.map(({ name }) => name));
  expect(all.filter(({ name }) => !page.includes(`[${name}.yaml](${name}.yaml)`))).toEqual([]);
});

test.each(all)(
  "$name is valid, fits the chart's default limits but for the paths and the image that it names, and says what it may cost",
  async (example) => {
    const { manifest } = example;
    const checked = validate("BatchChange", manifest);
    if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
    const { limits, github } = parse(await readFile(chart, "utf8")) as { limits: object; github: { host: string } };
    // As the chart fills its empty list.
    const repositoryPatterns = [`https://${github.host}/*/*`];
    const observed = {
      batch: checked.object,
      faults: [],
      limits: Limits.parse({ ...limits, repositoryPatterns, ...demandedLimits([example]) }),
      prompt: { kind: "Known", hash: "", text: "" },
    };
    expect(refusalOf(observed as unknown as Observed)).toBeUndefined();
    expect(manifest.spec).toHaveProperty("agent.maxCostUSD");
    expect(manifest.spec.repositories.length).toBeGreaterThan(1);
  },
);

test.concurrent.each(all)("$name ends with its patch where it is due and changes nothing where it is done", async ({ name, manifest }) => {
  const { files, diff } = exampleStories[name]!;
  const urls = [local.repository(`${name}/due`, files), local.repository(`${name}/done`, { "README.md": "# Done\n" })];
  const batch = await new Batch(local, name, 150).create([], { ...manifest.spec, repositories: urls.map((url) => ({ url })) });
  const publishes = manifest.spec.publish !== undefined;
  await batch.reaches(publishes ? "AwaitingApproval" : "Succeeded");
  const due = await batch.ends(`${name}/due`, publishes ? "AwaitingApproval" : "Ready");
  expect((await expectApplies(local, due)).split("\n")).toEqual(expect.arrayContaining([...diff]));
  await batch.ends(`${name}/done`, "NoChange", "NoChangeNecessary");
});
