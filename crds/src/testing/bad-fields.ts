import type { JsonObject } from "../validate/json.ts";
import { type BadManifest, batchChange, changeset, goodURL } from "./manifest.ts";

type Row = readonly [name: string, spec: JsonObject, path: string, says: RegExp];

const rows: readonly Row[] = [
  ["an empty prompt", { prompt: "" }, "spec.prompt", /at least 1 chars long/],
  ["a prompt of 65,537 characters", { prompt: "x".repeat(65_537) }, "spec.prompt", /Too long: may not be more than 65536/],
  ["a prompt that is a list", { prompt: ["a"] }, "spec.prompt", /must be of type string: "array"/],
  ["promptFrom without a ConfigMap", { prompt: undefined, promptFrom: {} }, "spec.promptFrom.configMapKeyRef", /Required value/],
  [
    "promptFrom with a name that no ConfigMap has",
    { prompt: undefined, promptFrom: { configMapKeyRef: { name: "My Prompt", key: "prompt" } } },
    "spec.promptFrom.configMapKeyRef.name",
    /must be a Kubernetes object name: lower case/,
  ],
  ["a repository without url", { repositories: [{ branch: "main" }] }, "spec.repositories[0].url", /Required value/],
  ["a repository that is a text", { repositories: [goodURL] }, "spec.repositories[0]", /must be of type object: "string"/],
  [
    "a url with a password",
    url("https://me:secret@github.com/acme/api"),
    "spec.repositories[0].url",
    /must be https:\/\/host\/owner\/name without user/,
  ],
  ["a url with a query", url(`${goodURL}?ref=main`), "spec.repositories[0].url", /without user, password, query or fragment/],
  ["a url of ssh", url("git@github.com:acme/api.git"), "spec.repositories[0].url", /must be https:\/\/host\/owner\/name/],
  ["a url without owner", url("https://github.com/api"), "spec.repositories[0].url", /must be https:\/\/host\/owner\/name/],
  [
    "a url that climbs",
    url("https://github.com/acme/../api"),
    "spec.repositories[0].url",
    /must not have \. or \.\. as a part of its path/,
  ],
  ["a url of 513 characters", url(`${goodURL}/${"x".repeat(485)}`), "spec.repositories[0].url", /Too long: may not be more than 512/],
  ["a branch that is an option", branch("--upload-pack=x"), "spec.repositories[0].branch", /must be a branch name/],
  ["a branch with a space", branch("my branch"), "spec.repositories[0].branch", /no spaces or control characters/],
  ["a branch with two dots", branch("a..b"), "spec.repositories[0].branch", /must be a branch name that git allows/],
  [
    "instructions that are too long",
    { repositories: [{ url: goodURL, instructions: "x".repeat(8193) }] },
    "spec.repositories[0].instructions",
    /Too long: may not be more than 8192/,
  ],
  ["1,001 repositories", { repositories: manyRepositories(1001) }, "spec.repositories", /Too many: 1001: must have at most 1000 items/],
  [
    "the same repository and branch twice",
    { repositories: [{ url: goodURL }, { url: goodURL, branch: "HEAD" }] },
    "spec.repositories[1]",
    /Duplicate value: \{.*"branch":"HEAD"/,
  ],
  [
    "an effort that no model has",
    { agent: { effort: "huge" } },
    "spec.agent.effort",
    /Unsupported value: "huge": supported values: "low", "medium"/,
  ],
  ["a model without name", { agent: { model: "" } }, "spec.agent.model", /at least 1 chars long/],
  ["a second opinion of nobody", { review: {} }, "spec.review.model", /Required value/],
  ["a second opinion by a model without name", { review: { model: "" } }, "spec.review.model", /at least 1 chars long/],
  ["no turn at all", { agent: { maxTurns: 0 } }, "spec.agent.maxTurns", /greater than or equal to 1/],
  ["a number of turns in quotes", { agent: { maxTurns: "60" } }, "spec.agent.maxTurns", /must be of type integer: "string"/],
  ["half a turn", { agent: { maxTurns: 1.5 } }, "spec.agent.maxTurns", /must be of type integer: "number"/],
  [
    "too many tokens",
    { agent: { maxTokens: 1_000_000_001 } },
    "spec.agent.maxTokens",
    /less than or equal to 1000000000|less than or equal to 1e\+09/,
  ],
  [
    "a cost that is a fraction without quotes",
    { agent: { maxCostUSD: 2.5 } },
    "spec.agent.maxCostUSD",
    /must be of type integer,string: "number"/,
  ],
  ["a negative cost", { agent: { maxCostUSD: -1 } }, "spec.agent.maxCostUSD", /greater than or equal to 0/],
  ["a cost with a currency", { agent: { maxCostUSD: "$2" } }, "spec.agent.maxCostUSD", /must be dollars such as 2 or "2\.50"/],
  ["a cost with five decimals", { budget: { maxCostUSD: "1.00001" } }, "spec.budget.maxCostUSD", /must be dollars such as 2 or "2\.50"/],
  ["a budget without amount", { budget: {} }, "spec.budget.maxCostUSD", /Required value/],
  [
    "a duration without unit",
    { agent: { timeout: "30" } },
    "spec.agent.timeout",
    /must be a whole number with one unit, s, m, h or d, such as 30m/,
  ],
  ["a duration in Go's form", { agent: { timeout: "1h30m" } }, "spec.agent.timeout", /must be a whole number with one unit/],
  ["no parallelism", { parallelism: 0 }, "spec.parallelism", /greater than or equal to 1/],
  ["parallelism of 101", { parallelism: 101 }, "spec.parallelism", /less than or equal to 100/],
  ["a negative canary", { rollout: { canary: -1 } }, "spec.rollout.canary", /greater than or equal to 0/],
  [
    "a policy that does not exist",
    { publish: { policy: "Always" } },
    "spec.publish.policy",
    /Unsupported value: "Always": supported values: "Never"/,
  ],
  ["a pull request branch with a colon", { publish: { branch: "a:b" } }, "spec.publish.branch", /must be a branch name/],
  [
    "21 labels",
    { publish: { labels: Array.from({ length: 21 }, (_, n) => `l${n}`) } },
    "spec.publish.labels",
    /Too many: 21: must have at most 20 items/,
  ],
  [
    "a Secret's name in capitals",
    { credentials: { anthropicSecret: "Anthropic" } },
    "spec.credentials.anthropicSecret",
    /must be a Kubernetes object name/,
  ],
  [
    "a storage that does not exist",
    { resultStorage: { type: "S3" } },
    "spec.resultStorage.type",
    /Unsupported value: "S3": supported values: "ConfigMap"/,
  ],
  ["a toolbox without image", { toolbox: {} }, "spec.toolbox.image", /Required value/],
  [
    "an image with a space",
    { toolbox: { image: "node 24" } },
    "spec.toolbox.image",
    /must be an image's name without spaces, such as node:24/,
  ],
  ["an image that is an option", { toolbox: { image: "--privileged" } }, "spec.toolbox.image", /must be an image's name/],
  [
    "a toolbox with an amount that is none",
    { toolbox: { image: "node:24", resources: { limits: { memory: "much" } } } },
    "spec.toolbox.resources.limits[memory]",
    /must be a quantity such as 500m or 2Gi/,
  ],
  ["a check that climbs by its name", checks({ name: "../x" }), "spec.checks[0].name", /must be lower case letters, digits and -/],
  ["a check without command", checks({ command: [] }), "spec.checks[0].command", /at least 1 item/],
  ["a check's time without unit", checks({ timeout: "90" }), "spec.checks[0].timeout", /must be a whole number with one unit/],
  ["two checks of one name", checks({}, {}), "spec.checks[1]", /Duplicate value/],
  ["suspend as a text", { suspend: "yes" }, "spec.suspend", /must be of type boolean: "string"/],
  ["a negative time to live", { ttlSecondsAfterFinished: -1 }, "spec.ttlSecondsAfterFinished", /greater than or equal to 0/],
  ["a field that does not exist", { promt: "x" }, "spec.promt", /unknown field "spec\.promt"/],
  ["a nested field that does not exist", { agent: { maxTurn: 3 } }, "spec.agent.maxTurn", /unknown field "spec\.agent\.maxTurn"/],
];

/** Manifests with one wrong field each. */
export const badFields: readonly BadManifest[] = [
  ...rows.map(([name, spec, path, says]): BadManifest => ({ name, kind: "BatchChange", object: batchChange(spec), path, says })),
  {
    name: "a manifest without spec",
    kind: "BatchChange",
    object: { ...batchChange(), spec: undefined },
    path: "spec",
    says: /Required value/,
  },
  {
    name: "an approval of something that is no digest",
    kind: "Changeset",
    object: changeset({ approval: { patch: "latest", by: "jane" } }),
    path: "spec.approval.patch",
    says: /must be the text of status\.patch\.digest/,
  },
  {
    name: "a Changeset without repository name",
    kind: "Changeset",
    object: changeset({ repository: { url: goodURL } }),
    path: "spec.repository.name",
    says: /Required value/,
  },
];

function url(text: string): JsonObject {
  return { repositories: [{ url: text }] };
}

function branch(text: string): JsonObject {
  return { repositories: [{ url: goodURL, branch: text }] };
}

function manyRepositories(count: number): readonly JsonObject[] {
  return Array.from({ length: count }, (_, n) => ({ url: `${goodURL}-${n}` }));
}

function checks(...some: readonly JsonObject[]): JsonObject {
  return { toolbox: { image: "node:24" }, checks: some.map((one) => ({ name: "test", command: ["npm", "test"], ...one })) };
}
