import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chartFolder } from "../chart/chart.ts";
import { Site } from "../chart/site.ts";
import { must } from "./control-plane.ts";

const testdata = join(chartFolder, "../../operator/src/reconcile/testdata");
const started = new AsyncDisposableStack();
let site: Site;

beforeAll(async () => {
  site = started.adopt(await Site.start(), (running) => running.stop());
  await site.makeNamespaces("team-a");
  must(await site.kubectl(["-n", "team-a", "create", "serviceaccount", "codybatch-recorder"]));
});
afterAll(() => started.disposeAsync());

interface Template {
  readonly spec: {
    readonly initContainers: readonly { readonly name: string; readonly imagePullPolicy?: string }[];
  };
}

/** As the API server would store it in a namespace that takes pods of the restricted standard only. */
async function admitted(object: object): Promise<Template> {
  const { stdout, stderr, exitCode } = await site.kubectl(["create", "--dry-run=server", "-o", "json", "-f", "-"], object);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as Template;
}

test.each([
  ["job.json", {}],
  ["job-with-checks.json", { toolbox: "IfNotPresent" }],
  ["job-with-app.json", { mint: "IfNotPresent" }],
  ["publish-job.json", {}],
  ["discover-job.json", {}],
  ["track-job.json", {}],
])("an API server takes %s without a warning, and its pod in a restricted namespace", async (file, pulled) => {
  const job = JSON.parse(await readFile(join(testdata, file), "utf8")) as { spec: { template: Template } };
  await admitted(job);
  const { template } = job.spec;
  const stored = await admitted({ ...template, apiVersion: "v1", kind: "Pod", metadata: { name: "pod", namespace: "team-a" } });
  expect(stored.spec.initContainers).toMatchObject(template.spec.initContainers);
  const others = stored.spec.initContainers.filter(({ name }) => name !== "recorder" && name !== "clone");
  expect(Object.fromEntries(others.map(({ name, imagePullPolicy }) => [name, imagePullPolicy]))).toEqual(pulled);
});
