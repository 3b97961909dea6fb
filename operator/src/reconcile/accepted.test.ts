import { describe, expect, it } from "vitest";
import { refusalOf } from "./accepted.ts";
import type { Limits } from "./limits.ts";
import type { Observed } from "./observed.ts";
import { batchOf, limitsOf, observedOf, repositories, type SpecInput } from "./testing/build.ts";

function refused(spec: SpecInput, limits: Parameters<typeof limitsOf>[0] = {}, part: Partial<Observed> = {}): string {
  const found = refusalOf(observedOf({ batch: batchOf(spec), limits: limitsOf(limits) as Limits, ...part }));
  return found === undefined ? "accepted" : `${found.reason}: ${found.message}`;
}

describe("a BatchChange is refused", () => {
  it.each<[string, SpecInput, Parameters<typeof limitsOf>[0], string]>([
    ["not within the limits", {}, {}, "accepted"],
    [
      "with too many repositories",
      { repositories: repositories(6) },
      { maxRepositories: 5 },
      "LimitExceeded: spec.repositories: 6 repositories are more than the 5",
    ],
    [
      "with a variable that there is not in instructions",
      { repositories: [{ url: "https://github.com/acme/a" }, { url: "https://github.com/acme/b", instructions: "${repository.nmae}" }] },
      {},
      "PromptInvalid: spec.repositories[1].instructions may use ${repository.name},",
    ],
    [
      "not with an escaped one",
      { repositories: [{ url: "https://github.com/acme/b", instructions: "$${repository.nmae} ${repository.name}" }] },
      {},
      "accepted",
    ],
    [
      "with a repository elsewhere",
      { repositories: [{ url: "https://git.example/a/b" }] },
      {},
      "LimitExceeded: spec.repositories[0].url: https://git.example/a/b fits none",
    ],
    ["with a path below a pattern", { repositories: [{ url: "https://github.com/a/b/c" }] }, {}, "LimitExceeded: spec.repositories[0].url"],
    ["not for another spelling of an allowed one", { repositories: [{ url: "https://GitHub.com/Acme/Api.git" }] }, {}, "accepted"],
    [
      "with a policy that is not allowed",
      { publish: { policy: "OnApproval" } },
      { publishPolicies: ["Never"] },
      "LimitExceeded: spec.publish.policy: OnApproval is not allowed here; use Never.",
    ],
    ["with a path that is not allowed", { publish: { allowPaths: [".github/**"] } }, {}, "LimitExceeded: spec.publish.allowPaths"],
    [
      "with a model that is not allowed",
      { agent: { model: "other-1" } },
      { models: ["claude-*"] },
      "LimitExceeded: spec.agent.model: other-1 is not allowed",
    ],
    [
      "with a second opinion by a model that is not allowed",
      { review: { model: "other-1" } },
      { models: ["claude-*"] },
      "LimitExceeded: spec.review.model: other-1 is not allowed; use one of claude-*.",
    ],
    ["not with one by a model that is", { review: { model: "claude-opus-5-5" } }, { models: ["claude-*"] }, "accepted"],
    [
      "with a budget above the limit",
      { budget: { maxCostUSD: 101 } },
      { maxCostUSD: 100 },
      "LimitExceeded: spec.budget.maxCostUSD: the batch may cost $101.00",
    ],
    [
      "with attempts above the limit",
      { agent: { maxCostUSD: 60 } },
      { maxCostUSD: 100 },
      "LimitExceeded: spec.budget.maxCostUSD: the batch may cost $120.00",
    ],
    ["with too much at once", { parallelism: 6 }, { parallelism: 5 }, "LimitExceeded: spec.parallelism: 6 is more than the 5"],
    [
      "with a Secret that is not allowed",
      { credentials: { anthropicSecret: "root-key" } },
      {},
      "LimitExceeded: spec.credentials.anthropicSecret: the Secret root-key",
    ],
    [
      "with a toolbox where none is allowed",
      { toolbox: { image: "node:24" } },
      { toolboxImages: [] },
      "LimitExceeded: spec.toolbox: no toolbox is allowed here, because it runs code of the repository;",
    ],
    [
      "with a toolbox's image that is not allowed",
      { toolbox: { image: "registry.example/node:24" } },
      { toolboxImages: ["node:*", "python:*"] },
      "LimitExceeded: spec.toolbox.image: registry.example/node:24 fits none of the allowed patterns node:*, python:*; use one of these",
    ],
    ["not with one that is", { toolbox: { image: "node:24" } }, { toolboxImages: ["node:*"] }, "accepted"],
    ["with more repositories than ConfigMaps hold", { repositories: repositories(51) }, {}, "ClaimRequired: 51 repositories do not fit"],
    [
      "not with a claim for them",
      { repositories: repositories(51), resultStorage: { type: "PersistentVolumeClaim", claimName: "results" } },
      {},
      "accepted",
    ],
  ])("%s", (_, spec, limits, want) => {
    expect(refused(spec, limits)).toContain(want);
  });

  it("for what breaks a rule of the schema, in its words", () => {
    const fault = { path: "spec.publish.policy", rule: "Forbidden", message: "is not allowed" } as const;
    expect(refused({}, {}, { faults: [fault] })).toBe(`InvalidSpec: spec.publish.policy: ${fault.message}.`);
  });

  it("while the recorder's policy or the prompt is missing", () => {
    const obstacle = { reason: "AdmissionPolicyMissing", message: "Install it." } as const;
    const prompt = { kind: "Refused", reason: "PromptMissing", message: "Make it." } as const;
    expect(refused({}, {}, { obstacle, prompt })).toBe("AdmissionPolicyMissing: Install it.");
    expect(refused({}, {}, { prompt })).toBe("PromptMissing: Make it.");
  });
});
