import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { faultsOf } from "./faults.ts";
import { emptyManifest, open, yamlOf } from "./manifest.ts";

const examples = new URL("../../../../docs/examples/", import.meta.url);
const files = readdirSync(examples).filter((name) => name.endsWith(".yaml"));

it.each(files)("opens the example %s and writes it again", (name) => {
  const opened = open(readFileSync(new URL(name, examples), "utf8"));
  if (!opened.ok) throw new Error(opened.message);
  expect(open(yamlOf(opened.manifest))).toEqual(opened);
  expect(faultsOf(opened.manifest, undefined)).toEqual([]);
});

it("leaves out what the API server added", () => {
  const opened = open(
    yamlOf({
      apiVersion: "codybatch.dev/v1alpha1",
      kind: "BatchChange",
      metadata: {
        name: "a",
        uid: "u",
        resourceVersion: "1",
        managedFields: [],
        annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" },
      },
      spec: { prompt: "x" },
      status: { phase: "Running" },
    }),
  );
  expect(opened).toEqual({
    ok: true,
    manifest: { apiVersion: "codybatch.dev/v1alpha1", kind: "BatchChange", metadata: { name: "a" }, spec: { prompt: "x" } },
  });
});

it.each([
  ["a: [", "This is no YAML"],
  ["- a", "no object"],
  ["kind: Pod", 'Its kind is "Pod"'],
  ["", "no object"],
])("says what is wrong with %j", (text, message) => {
  expect(open(text)).toMatchObject({ ok: false, message: expect.stringContaining(message) });
});

it("names every field that an empty form still needs", () => {
  const paths = faultsOf(emptyManifest, undefined).map(({ path }) => path);
  expect(paths).toContain("metadata.name");
  expect(paths).toContain("spec.prompt");
  expect(paths).toContain("spec.repositories[0].url");
});
