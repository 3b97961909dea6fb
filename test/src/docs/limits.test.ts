import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { validate } from "@codybatch/crds";
import { expect, test } from "vitest";
import { refusalOf } from "../../../operator/src/reconcile/accepted.ts";
import { Limits } from "../../../operator/src/reconcile/limits.ts";
import type { Observed } from "../../../operator/src/reconcile/observed.ts";
import { batchOf } from "../chart/objects.ts";
import { Values } from "../chart/values.ts";

const page = join(import.meta.dirname, "../../../docs/guide/limits.md");

/** What the page's tables say of each value, by its path. */
async function told(): Promise<ReadonlyMap<string, string>> {
  const rows = (await readFile(page, "utf8")).matchAll(/^\| `([\w.]+)` \| .* \| (.*) \|$/gm);
  return new Map([...rows].map(([, path = "", words = ""]) => [path, words.replaceAll("\\*", "*")]));
}

const many = (count: number): object => ({
  repositories: Array.from({ length: count }, (_, index) => ({ url: `https://github.com/acme/r${index}` })),
});

/** Limits beside the defaults, and what somebody asks for. */
const cases: Readonly<Record<string, readonly [limits: object, spec: object]>> = {
  "limits.maxRepositories": [{}, many(6)],
  "limits.repositoryPatterns": [{}, { repositories: [{ url: "https://git.example/acme/api" }] }],
  "limits.publishPolicies": [{ publishPolicies: ["Never"] }, { publish: { policy: "OnApproval" } }],
  "limits.allowPaths": [{}, { publish: { allowPaths: ["CODEOWNERS"] } }],
  "limits.models": [{ models: ["claude-sonnet-*"] }, { agent: { model: "claude-opus-5" } }],
  "limits.secretNames": [{}, { credentials: { anthropicSecret: "mine" } }],
  "limits.toolboxImages": [{}, { toolbox: { image: "node:24" } }],
  "limits.parallelism": [{ parallelism: 5 }, { parallelism: 9 }],
  "limits.maxCostUSD": [{ maxCostUSD: 50 }, { budget: { maxCostUSD: "60.00" } }],
  "results.repositoriesWithoutClaim": [{ maxRepositories: 100 }, many(60)],
};

test.each(Object.entries(cases))("limits.md quotes what the operator says about %s", async (path, [limits, spec]) => {
  const validated = validate("BatchChange", batchOf("one", spec));
  if (!validated.ok) throw new Error(JSON.stringify(validated.errors));
  const observed = { batch: validated.object, faults: [], limits: Limits.parse(limits), prompt: { kind: "Known", hash: "", text: "" } };
  expect((await told()).get(path)).toBe(refusalOf(observed as unknown as Observed)?.message);
});

test("limits.md speaks of every limit of the chart", async () => {
  const { limits, results } = Values.shape;
  const paths = [...Object.keys(limits.shape).map((key) => `limits.${key}`), ...Object.keys(results.shape).map((key) => `results.${key}`)];
  expect([...(await told()).keys()].toSorted()).toEqual([...paths, "jobs.running", "publishing", "quotas"].toSorted());
});
