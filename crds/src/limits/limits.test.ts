import { expect, it } from "vitest";
import { BatchChangeSpec } from "../kinds/batch-change.ts";
import { limitFault, type SpecLimits } from "./limits.ts";

const limits: SpecLimits = {
  maxRepositories: 2,
  repositoryPatterns: ["https://github.com/*/*"],
  publishPolicies: ["Never"],
  allowPaths: [],
  models: ["claude-sonnet-*"],
  secretNames: ["anthropic", "github-*"],
  toolboxImages: [],
  maxCostUSD: 3,
  parallelism: 5,
};
const one = { url: "https://github.com/acme/api" };

it.each<[string, Record<string, unknown>, string | undefined]>([
  ["what is within all limits", { repositories: [one] }, undefined],
  ["too many repositories", { repositories: [one, one, one] }, "spec.repositories"],
  ["a strange host", { repositories: [{ url: "https://git.example/acme/api" }] }, "spec.repositories[0].url"],
  ["a policy", { publish: { policy: "OnApproval" } }, "spec.publish.policy"],
  ["a path", { publish: { allowPaths: ["CODEOWNERS"] } }, "spec.publish.allowPaths"],
  ["a model", { agent: { model: "other" } }, "spec.agent.model"],
  ["a reviewer's model", { review: { model: "other" } }, "spec.review.model"],
  ["repositories that cost too much together", { repositories: [one, one] }, "spec.budget.maxCostUSD"],
  ["a budget", { budget: { maxCostUSD: "3.01" } }, "spec.budget.maxCostUSD"],
  ["parallelism", { parallelism: 6 }, "spec.parallelism"],
  ["a Secret", { credentials: { anthropicSecret: "mine" } }, "spec.credentials.anthropicSecret"],
  ["any toolbox", { toolbox: { image: "node:24" } }, "spec.toolbox"],
])("judges %s", (_what, spec, field) => {
  expect(limitFault(BatchChangeSpec.parse(spec), limits)?.split(": ")[0]).toBe(field);
});
