import { describe, expect, it } from "vitest";
import { badManifests, batchChange, changeset, goodManifests } from "./testing/bad-manifests.ts";
import { describeErrors } from "./validate/field-error.ts";
import { validate } from "./validate.ts";

describe("validate refuses", () => {
  it.each(badManifests)("$kind with $name", ({ kind, object, old, path, says }) => {
    expect(old === undefined || validate(kind, old).ok).toBe(true);
    const checked = validate(kind, object, old);
    const errors = checked.ok ? [] : checked.errors;
    expect(errors.map((error) => error.path)).toContain(path);
    expect(describeErrors(kind, "x", errors)).toMatch(says);
  });

  it("everything that is wrong at once, not the first fault only", () => {
    const checked = validate(
      "BatchChange",
      batchChange({ prompt: undefined, agent: { timeout: "soon" }, parallelism: 0, promt: "x", repositorySelector: { limit: 3 } }),
    );
    expect(checked).toEqual({
      ok: false,
      errors: [
        { path: "spec.promt", rule: "unknown field", message: 'unknown field "spec.promt": check its spelling and place, or take it out' },
        expect.objectContaining({ path: "spec.agent.timeout", rule: "Invalid value" }),
        expect.objectContaining({ path: "spec.parallelism", rule: "Invalid value" }),
        expect.objectContaining({ path: "spec.prompt", rule: "Required value" }),
        expect.objectContaining({ path: "spec.repositorySelector.search", rule: "Required value" }),
      ],
    });
  });

  it.each([
    ["a text", "BatchChange"],
    ["a list", []],
    ["null", null],
    ["nothing", undefined],
  ])("%s in the place of a manifest", (_name, manifest) => {
    expect(validate("BatchChange", manifest)).toMatchObject({
      ok: false,
      errors: [{ message: expect.stringContaining("must be of type object") }],
    });
  });

  it("a manifest of another kind or version", () => {
    expect(validate("Changeset", { ...changeset(), kind: "BatchChange", apiVersion: "codybatch.dev/v1" })).toMatchObject({
      ok: false,
      errors: [
        { path: "apiVersion", message: 'Invalid value: "codybatch.dev/v1": must be codybatch.dev/v1alpha1' },
        { path: "kind", message: 'Invalid value: "BatchChange": must be Changeset' },
      ],
    });
  });

  it("a status time that is no time", () => {
    expect(validate("BatchChange", batchChange({}, { startedAt: "yesterday" }))).toMatchObject({
      ok: false,
      errors: [{ path: "status.startedAt" }],
    });
  });
});

describe("validate takes", () => {
  it.each(goodManifests)("$kind with $name", ({ kind, object, old }) => {
    expect(old === undefined || validate(kind, old).ok).toBe(true);
    expect(validate(kind, object, old)).toMatchObject({ ok: true });
  });
});

describe("validate fills and prunes as an API server does", () => {
  function specOf(spec: Readonly<Record<string, unknown>>): unknown {
    const checked = validate("BatchChange", batchChange(spec), undefined, { unknown: "prune" });
    return checked.ok ? checked.object["spec"] : checked.errors;
  }

  it("gives every default to the smallest manifest", () => {
    expect(specOf({})).toMatchInlineSnapshot(`
      {
        "agent": {
          "effort": "medium",
          "maxCostUSD": "2.00",
          "maxTokens": 4000000,
          "maxTurns": 60,
          "model": "claude-sonnet-5-5",
          "timeout": "30m",
        },
        "cancel": false,
        "credentials": {
          "anthropicSecret": "anthropic",
          "githubReadSecret": "github-read",
          "githubWriteSecret": "github-write",
        },
        "parallelism": 5,
        "prompt": "Move this package to Node 24.",
        "publish": {
          "draft": false,
          "policy": "Never",
        },
        "repositories": [
          {
            "branch": "HEAD",
            "url": "https://github.com/acme/api",
          },
        ],
        "resultStorage": {
          "retain": "14d",
          "type": "ConfigMap",
        },
        "retryFailed": 0,
        "suspend": false,
      }
    `);
  });

  it("gives nested defaults only to objects that are there", () => {
    expect(specOf({})).not.toHaveProperty("rollout");
    expect(specOf({ rollout: {} })).toHaveProperty("rollout", { canary: 0 });
    expect(specOf({ agent: { effort: "high" } })).toHaveProperty("agent.timeout", "30m");
  });

  it("takes null for absent", () => {
    expect(specOf({ agent: null, budget: null, parallelism: null })).toEqual(specOf({}));
  });

  it("prunes what the schema does not name, at every depth, and nothing of metadata", () => {
    expect(specOf({ strange: 1, agent: { strange: 1 }, repositories: [{ url: "https://github.com/acme/api", strange: 1 }] })).toEqual(
      specOf({}),
    );
    const labelled = { ...batchChange(), metadata: { name: "a", labels: { team: "a" }, annotations: { note: "b" } } };
    expect(validate("BatchChange", labelled)).toMatchObject({ ok: true, object: { metadata: labelled.metadata } });
  });

  it("leaves its arguments as they were", () => {
    const manifest = Object.freeze(batchChange(Object.freeze({ strange: 1 })));
    const before = structuredClone(manifest);
    validate("BatchChange", manifest, manifest, { unknown: "prune" });
    expect(manifest).toEqual(before);
  });
});
