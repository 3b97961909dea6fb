import type { AdminLimits } from "@codybatch/dashboard-contract";
import { expect, it } from "vitest";
import { faultsOf } from "./faults.ts";

const limits: AdminLimits = {
  maxRepositories: 5,
  repositoryPatterns: ["https://github.com/*/*"],
  publishPolicies: ["Never"],
  allowPaths: [],
  models: ["**"],
  secretNames: ["**"],
  toolboxImages: [],
  parallelism: 100,
  repositoriesWithoutClaim: 1,
  prices: [],
};
const manifest = (spec: Record<string, unknown>, name = "a") => ({
  apiVersion: "codybatch.dev/v1alpha1",
  kind: "BatchChange",
  metadata: { name },
  spec: { prompt: "x", repositories: [{ url: "https://github.com/acme/api" }], ...spec },
});

it("finds nothing wrong with a good one", () => {
  expect(faultsOf(manifest({}), limits)).toEqual([]);
});

it("says what the administrator does not allow, at the field", () => {
  expect(faultsOf(manifest({ publish: { policy: "OnApproval" } }), limits)).toEqual([
    { path: "spec.publish.policy", message: "OnApproval is not allowed here; use Never." },
  ]);
});

it("asks for a claim when ConfigMaps hold too few", () => {
  const repositories = ["a", "b"].map((name) => ({ url: `https://github.com/acme/${name}` }));
  expect(faultsOf(manifest({ repositories }), limits)[0]?.path).toBe("spec.resultStorage.type");
});

it("refuses names that kubectl would", () => {
  expect(faultsOf(manifest({}, "-rf /"), limits)[0]?.path).toBe("metadata.name");
});

it("refuses fields that are misspelt", () => {
  expect(
    faultsOf(manifest({ promt: "x" }), limits)
      .map(({ message }) => message)
      .join(),
  ).toContain("spec.promt");
});
