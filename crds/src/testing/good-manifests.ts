import type { Kind } from "../schema/resource.ts";
import type { JsonObject } from "../validate/json.ts";
import { batchChange, changeset, digest, goodURL, withPatch } from "./manifest.ts";

/** A manifest, or an edit of a stored object, that every server must take. */
export interface GoodManifest {
  readonly name: string;
  readonly kind: Kind;
  readonly old?: JsonObject;
  readonly object: JsonObject;
}

const other = "https://github.com/acme/web";
const approved = { approval: { patch: digest("a"), by: "jane" } };

const batches: readonly (readonly [name: string, from: JsonObject | undefined, to: JsonObject])[] = [
  ["only a prompt and a repository", undefined, {}],
  [
    "variables, escapes, and braces of others",
    undefined,
    {
      prompt: "In ${repository.name} of ${batchChange.name}: ${{ matrix.node }}, {{ .Values.tag }}, ${HOME}, $${repository.x}.",
      repositories: [{ url: goodURL, instructions: "${repository.owner} ${repository.url} ${repository.branch} ${batchChange.namespace}" }],
    },
  ],
  ["promptFrom instead of prompt", undefined, { prompt: undefined, promptFrom: { configMapKeyRef: { name: "prompts", key: "node-24" } } }],
  [
    "what is published at once, and closed when the batch is cancelled",
    undefined,
    { repositories: [{ url: goodURL }], publish: { policy: "Automatic", closeOnCancel: true, onCIFailure: { maxAttempts: 2 } } },
  ],
  ["two branches of one repository", undefined, { repositories: [{ url: goodURL }, { url: goodURL, branch: "release/2.x" }] }],
  ["two spellings of one repository, which become a Duplicate", undefined, { repositories: [{ url: goodURL }, { url: `${goodURL}.git` }] }],
  ["plain http and a port", undefined, { repositories: [{ url: "http://git.example.com:8080/team/sub/api.git" }] }],
  ["a repository of this machine", undefined, { repositories: [{ url: "file:///tmp/samples/api" }] }],
  ["money as a number", undefined, { agent: { maxCostUSD: 2 }, budget: { maxCostUSD: 0 } }],
  ["money as a decimal string", undefined, { agent: { maxCostUSD: "0.0001" }, budget: { maxCostUSD: "9999999.9999" } }],
  ["a second opinion", undefined, { review: { model: "claude-opus-5-5" } }],
  ["results on a claim", undefined, { resultStorage: { type: "PersistentVolumeClaim", claimName: "results" } }],
  ["an empty list of checks", undefined, { checks: [] }],
  ["a toolbox without checks", undefined, { toolbox: { image: "registry.example:5000/team/tools@sha256:0123456789abcdef" } }],
  [
    "checks and all that a toolbox may say",
    undefined,
    {
      toolbox: {
        image: "node:24",
        setup: ["npm", "ci"],
        resources: { requests: { cpu: "500m" }, limits: { memory: "2Gi", "nvidia.com/gpu": 1 } },
      },
      checks: [
        { name: "lint", command: ["npm", "run", "lint", "--", "--fix"], timeout: "5m", adopt: ["src/**"] },
        { name: "test", command: ["npm", "test"], required: true },
      ],
    },
  ],
  [
    "other checks in another image while it runs",
    { toolbox: { image: "node:24" }, checks: [{ name: "test", command: ["npm", "test"] }] },
    { toolbox: { image: "node:26" }, checks: [{ name: "lint", command: ["npm", "run", "lint"], required: true }] },
  ],
  ["the end of checks and toolbox", { toolbox: { image: "node:24" }, checks: [{ name: "test", command: ["npm", "test"] }] }, {}],
  [
    "another prompt, model and budget while it runs",
    {},
    { prompt: "Move it to Node 26.", agent: { model: "claude-opus-5" }, budget: { maxCostUSD: 5 } },
  ],
  [
    "a repository more and one less",
    { repositories: [{ url: goodURL }] },
    { repositories: [{ url: other, instructions: "It is in web/." }] },
  ],
  [
    "the same repositories in another order",
    { repositories: [{ url: goodURL, instructions: "a" }, { url: other }] },
    { repositories: [{ url: other }, { url: goodURL, instructions: "a" }] },
  ],
  ["suspend, and cancel", { suspend: true }, { suspend: false, cancel: true }],
  ["a higher retryFailed", { retryFailed: 1 }, { retryFailed: 2 }],
  ["defaults written out", {}, { credentials: { anthropicSecret: "anthropic" }, resultStorage: { type: "ConfigMap", retain: "1d" } }],
  ["a search in place of a list", undefined, { repositories: undefined, repositorySelector: { search: "org:acme topic:service" } }],
  ["another title while nothing is published", { publish: { title: "a" } }, { publish: { title: "b" } }],
];

/** What a server must take, so that no rule refuses more than it should. */
export const goodManifests: readonly GoodManifest[] = [
  ...batches.map(([name, from, to]): GoodManifest => ({
    name,
    kind: "BatchChange",
    ...(from === undefined ? {} : { old: batchChange(from) }),
    object: batchChange(to),
  })),
  {
    name: "other labels under an open pull request",
    kind: "BatchChange",
    old: batchChange({ publish: { labels: ["a"] } }, { pullRequests: 1 }),
    object: batchChange({ publish: { labels: ["b"], policy: "OnApproval" } }, { pullRequests: 1 }),
  },
  { name: "a new Changeset", kind: "Changeset", object: changeset() },
  { name: "a higher attempt", kind: "Changeset", old: changeset({ attempt: 1 }), object: changeset({ attempt: 2 }) },
  {
    name: "an approval of the stored patch",
    kind: "Changeset",
    old: changeset({}, withPatch("a")),
    object: changeset(approved, withPatch("a")),
  },
  {
    name: "an approval that stays while a new attempt stores another patch",
    kind: "Changeset",
    old: changeset(approved, withPatch("a")),
    object: changeset(approved, withPatch("d")),
  },
  {
    name: "an approval taken back",
    kind: "Changeset",
    old: changeset(approved, withPatch("a")),
    object: changeset({}, withPatch("a")),
  },
];
