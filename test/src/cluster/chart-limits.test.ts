import { validate } from "@codybatch/crds";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusalOf } from "../../../operator/src/reconcile/accepted.ts";
import type { Observed } from "../../../operator/src/reconcile/observed.ts";
import { Limits } from "../../../operator/src/reconcile/limits.ts";
import { batchOf } from "../chart/objects.ts";
import { Site, verdict } from "../chart/site.ts";
import { must } from "./control-plane.ts";
import { eventually } from "./deadline.ts";

const namespace = "team-a";
const release = { name: "cody", namespace: "codybatch-system" };
const limits = {
  maxRepositories: 4,
  repositoryPatterns: ["https://github.com/acme/*", "https://git.example/**/infra-*", "http://10.0.0.7:8080/a+b/*"],
  publishPolicies: ["Never"],
  allowPaths: [".github/workflows/**"],
  models: ["claude-sonnet-*", 'say "hi" \\d'],
  secretNames: ["anthropic", "github-*", "team.a"],
  toolboxImages: ["node:*", "registry.example/**"],
  parallelism: 5,
  maxCostUSD: 12.5,
};
const values = { watchNamespaces: [namespace], limits, results: { repositoriesWithoutClaim: 3 } };
const operators = Limits.parse({ ...limits, repositoriesWithoutClaim: 3 });
const started = new AsyncDisposableStack();
let site: Site;

beforeAll(async () => {
  site = started.adopt(await Site.start(), (running) => running.stop());
  await site.makeNamespaces(release.namespace, namespace);
  must(await site.chart("install", release, values));
  await eventually("the limits hold", async () => {
    const said = verdict(await apply(batchOf("probe", { parallelism: 50 }), "--dry-run=server"));
    return said === "allowed" ? undefined : said;
  });
});
afterAll(() => started.disposeAsync());

const apply = (object: object, ...more: readonly string[]) => site.kubectl(["-n", namespace, "apply", ...more, "-f", "-"], object);
const create = (object: object) => site.kubectl(["-n", namespace, "create", "-f", "-"], object);
const of = (...paths: readonly string[]): object => ({
  repositories: paths.map((path) => ({ url: path.includes("://") ? path : `https://github.com/${path}` })),
});
const money = (perAttempt: string | number, ...paths: readonly string[]): object => ({
  ...of(...paths),
  agent: { maxCostUSD: perAttempt },
});

/** What the operator says to the object as the API server would store it. */
function operatorSays(object: object): string | undefined {
  const validated = validate("BatchChange", object);
  if (!validated.ok) throw new Error(JSON.stringify(validated.errors));
  const prompt = { kind: "Known", hash: "", text: "" } as const;
  return refusalOf({
    batch: validated.object,
    faults: [],
    limits: operators,
    prompt,
    obstacle: undefined,
  } as unknown as Observed)?.message;
}

describe("at kubectl apply, in the operator's words", () => {
  test.each([
    ["too many repositories", { ...of("acme/a", "acme/b", "acme/c", "acme/d", "acme/e") }, "5 repositories are more than the 4"],
    ["a repository of others", of("acme/a", "other/b"), "spec.repositories[1].url: https://github.com/other/b fits none"],
    ["a path deeper than the pattern", of("acme/a/b"), "fits none of the allowed patterns"],
    ["a host that only begins alike", of("https://github.com.evil.example/acme/a"), "fits none of the allowed patterns"],
    ["a pattern's dot as any letter", of("https://githubXcom/acme/a"), "fits none of the allowed patterns"],
    ["plain http where the pattern has none", of("http://github.com/acme/a"), "fits none of the allowed patterns"],
    ["a pattern's sign as a regular expression's", of("http://10.0.0.7:8080/aab/c"), "fits none of the allowed patterns"],
    ["a publish policy", { publish: { policy: "OnApproval" } }, "spec.publish.policy: OnApproval is not allowed here; use Never."],
    [
      "a path to lift",
      { publish: { allowPaths: [".github/workflows/**", "CODEOWNERS"] } },
      "spec.publish.allowPaths: CODEOWNERS is not among",
    ],
    ["a model", { agent: { model: "claude-opus-5" } }, 'use one of claude-sonnet-*, say "hi" \\d.'],
    ["the model of a second opinion", { review: { model: "claude-opus-5" } }, "spec.review.model: claude-opus-5 is not allowed"],
    ["a budget", { budget: { maxCostUSD: "12.5001" } }, "the batch may cost $12.5001, the administrator allows $12.5; set a lower budget."],
    ["a whole number's budget", { budget: { maxCostUSD: 13 } }, "the batch may cost $13.00,"],
    ["attempts that add up", money("4.20", "acme/a", "acme/b", "acme/c"), "the batch may cost $12.60,"],
    ["parallelism", { parallelism: 6 }, "spec.parallelism: 6 is more than the 5 that the administrator allows."],
    ["a Secret", { credentials: { githubReadSecret: "gitlab" } }, "spec.credentials.githubReadSecret: the Secret gitlab is not among"],
    ["a Secret that only begins alike", { credentials: { anthropicSecret: "anthropic-2" } }, "the Secret anthropic-2 is not among"],
    ["a Secret with a pattern's dot", { credentials: { anthropicSecret: "team-a" } }, "the Secret team-a is not among"],
    [
      "a toolbox's image",
      { toolbox: { image: "python:3" } },
      "python:3 fits none of the allowed patterns node:*, registry.example/**; use one",
    ],
    ["an image that only begins alike", { toolbox: { image: "node:24/x" } }, "spec.toolbox.image: node:24/x fits none"],
    ["an image of a host that only ends alike", { toolbox: { image: "evil.registry.example/a" } }, "fits none of the allowed patterns"],
    [
      "results that fit no ConfigMaps",
      of("acme/a", "acme/b", "acme/c", "acme/d"),
      "4 repositories do not fit ConfigMaps, which hold 3: make a new",
    ],
  ])("refuses %s", async (_, spec, words) => {
    const object = batchOf("refused", spec);
    const said = verdict(await apply(object));
    const expected = operatorSays(object);
    expect(expected).toContain(words);
    expect(said).toContain("ValidatingAdmissionPolicy 'codybatch-limits.cody.codybatch-system' with binding");
    expect(said).toContain(`denied request: ${expected}`);
  });

  test.each([
    [
      "as many as allowed, on a claim",
      { ...of("acme/a", "acme/b", "acme/c", "acme/d"), resultStorage: { type: "PersistentVolumeClaim", claimName: "results" } },
    ],
    ["another spelling of a repository", of("https://GitHub.com/Acme/a.git/")],
    ["a path of any depth where ** says so", of("https://git.example/x/y/z/infra-a.GIT")],
    ["a pattern whose signs mean nothing", of("http://10.0.0.7:8080/a+b/c", "acme/b")],
    ["a path that the administrator lifts", { publish: { allowPaths: [".github/workflows/**"] } }],
    ["a budget up to the last cent", { budget: { maxCostUSD: "12.5000" } }],
    ["many attempts under a small budget", { ...money("9", "acme/a", "acme/b"), budget: { maxCostUSD: "12" } }],
    ["a model by its pattern", { agent: { model: "Claude-Sonnet-9" } }],
    ["a second opinion by the pattern of its model", { review: { model: "claude-sonnet-5-5" } }],
    ["a toolbox by the pattern of its image", { toolbox: { image: "registry.example/team/tools@sha256:0123" } }],
    ["Secrets by pattern", { credentials: { githubReadSecret: "github-bot", anthropicSecret: "team.a" } }],
  ])("takes %s, as the operator does", async (_, spec) => {
    const object = batchOf("taken", spec);
    expect(operatorSays(object)).toBeUndefined();
    expect(verdict(await apply(object, "--dry-run=server"))).toBe("allowed");
  });
});

test("limits that are lowered later keep nobody from ending or narrowing what runs", async () => {
  must(
    await apply(
      batchOf("earlier", {
        ...of("acme/a", "acme/b", "acme/c"),
        parallelism: 5,
        publish: { allowPaths: [".github/workflows/**"] },
        toolbox: { image: "node:24" },
        review: { model: "claude-sonnet-5-5" },
      }),
    ),
  );
  const lower = {
    ...limits,
    maxRepositories: 1,
    models: ["claude-haiku-*"],
    allowPaths: [],
    parallelism: 1,
    maxCostUSD: 1,
    repositoryPatterns: ["https://git.example/*/*"],
    toolboxImages: [],
  };
  must(await site.chart("upgrade", release, { ...values, limits: lower, results: { repositoriesWithoutClaim: 1 } }));
  const edit = (spec: object) => site.kubectl(["-n", namespace, "patch", "bc", "earlier", "--type=merge", "-p", JSON.stringify({ spec })]);
  await eventually("the lower limits hold", async () =>
    verdict(await apply(batchOf("late"), "--dry-run=server")) === "allowed" ? undefined : true,
  );
  const refused = {
    "spec.repositories:": of("acme/a", "acme/b", "acme/c", "acme/d"),
    "spec.agent.model:": { agent: { model: "claude-opus-5" } },
    "spec.review.model:": { review: { model: "claude-opus-5" } },
    "spec.parallelism:": { parallelism: 4 },
    "spec.budget.maxCostUSD:": { agent: { maxCostUSD: "3" } },
    "spec.toolbox: no toolbox is allowed here, because it runs code of the repository; take toolbox and checks out, or ask": {
      toolbox: { image: "node:26" },
    },
    "spec.publish.allowPaths:": { publish: { allowPaths: [".github/workflows/**", "a"] } },
  };
  for (const [words, spec] of Object.entries(refused)) expect(verdict(await edit(spec))).toContain(words);
  for (const spec of [
    of("acme/a", "acme/b"),
    { toolbox: { setup: ["npm", "ci"] } },
    { suspend: true },
    { review: null },
    { agent: { maxCostUSD: "1" } },
    { cancel: true },
  ])
    expect(verdict(await edit(spec))).toBe("allowed");
});

test("a thousand repositories and twenty patterns are not too much for the API server's patience with a policy", async () => {
  const patterns = Array.from({ length: 20 }, (_, index) => `https://git.example/owner-${index}/*`);
  const wide = { maxRepositories: 1000, repositoryPatterns: patterns, publishPolicies: ["Never"], maxCostUSD: 10_000 };
  must(await site.chart("upgrade", release, { ...values, limits: wide }));
  const urls = Array.from(
    { length: 1000 },
    (_, index) => `https://git.example/owner-${index % 20}/a-repository-with-a-rather-long-name-${index}.git`,
  );
  const wideBatch = batchOf("wide", { ...of(...urls), resultStorage: { type: "PersistentVolumeClaim", claimName: "results" } });
  await eventually("the wide limits hold", async () => verdict(await create(wideBatch)) === "allowed" || undefined, { seconds: 20 });
  const edit = (spec: object) => site.kubectl(["-n", namespace, "patch", "bc", "wide", "--type=merge", "-p", JSON.stringify({ spec })]);
  expect(verdict(await edit(of(...urls.slice(1))))).toBe("allowed");
  expect(verdict(await edit(of(...urls.slice(1), "https://git.example/stranger/a")))).toContain(
    "spec.repositories[999].url: https://git.example/stranger/a",
  );
  expect(verdict(await edit({ cancel: true }))).toBe("allowed");
});
