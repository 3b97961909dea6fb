import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { kinds, resourceOf } from "@codybatch/crds";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { chartFolder } from "./chart.ts";
import { crdTemplate } from "./crd-template.ts";
import { readmeOf } from "./readme.ts";
import { Values, valuesSchema } from "./values.ts";

const root = join(chartFolder, "../..");

test.each(kinds)("the chart's template of %s is the committed CRD", async (kind) => {
  const { plural, group } = resourceOf(kind);
  const manifest = await readFile(join(root, "crds", `${plural}.${group}.yaml`), "utf8");
  await expect(crdTemplate(manifest)).toMatchFileSnapshot(join(chartFolder, "templates/crds", `${plural}.yaml`));
});

test("values.schema.json is what the forms of the operator's configuration give", async () => {
  await expect(valuesSchema()).toMatchFileSnapshot(join(chartFolder, "values.schema.json"));
});

test("README.md says of every value what values.yaml says, and of none nothing", async () => {
  const readme = readmeOf(await readFile(join(chartFolder, "values.yaml"), "utf8"));
  expect(readme.match(/^\| `.*\|  \|$/gm)).toBeNull();
  await expect(readme).toMatchFileSnapshot(join(chartFolder, "README.md"));
});

test("the chart's own values have the form of the schema", async () => {
  expect(Values.safeParse(parse(await readFile(join(chartFolder, "values.yaml"), "utf8"))).error).toBeUndefined();
});

test("chart and program carry one version", async () => {
  const chart = parse(await readFile(join(chartFolder, "Chart.yaml"), "utf8")) as Record<string, unknown>;
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  expect([chart["version"], chart["appVersion"]]).toEqual([version, version]);
});
