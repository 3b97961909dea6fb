import { readdirSync } from "node:fs";
import { join } from "node:path";
import { BatchChangeSpec } from "@codybatch/crds";
import { expect, test } from "vitest";
import { demoBatches, expected } from "./batches.ts";
import { bundledGithub } from "./demo.ts";
import { samplesIn, sampleURLs } from "./samples.ts";

const samples = samplesIn(bundledGithub);

test("every bundled sample is a repository of the stand-in for GitHub, and every repository of the demo's batches is one of them", () => {
  const folder = join(import.meta.dirname, "..", "..", "samples", "acme");
  expect(samples.names.toSorted()).toEqual(readdirSync(folder).map((name) => `acme/${name}`));
  for (const repositories of Object.values(expected)) expect(samples.names).toEqual(expect.arrayContaining(Object.keys(repositories)));
});

test("the demo's batches name their repositories at the stand-in's own address, and its tokens are the stand-in's", () => {
  const batches = demoBatches(sampleURLs(samples, "http://127.0.0.1:4321"));
  for (const { spec } of batches) {
    const { repositories } = BatchChangeSpec.parse(spec);
    expect(repositories?.every(({ url }) => url.startsWith("http://127.0.0.1:4321/acme/"))).toBe(true);
  }
  expect(samples.secrets).toEqual({ CODYBATCH_GITHUB_READ_TOKEN: "stand-in-read", CODYBATCH_GITHUB_WRITE_TOKEN: "stand-in-write" });
});
