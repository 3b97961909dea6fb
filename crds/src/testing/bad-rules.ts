import type { JsonObject } from "../validate/json.ts";
import { type BadManifest, batchChange, changeset, digest, goodURL } from "./manifest.ts";

type Row = readonly [name: string, spec: JsonObject, path: string, says: RegExp];

const promptFrom = { configMapKeyRef: { name: "prompts", key: "node-24" } };

const rows: readonly Row[] = [
  ["neither prompt nor promptFrom", { prompt: undefined }, "spec.prompt", /Required value: say what to change in spec\.prompt/],
  ["both prompt and promptFrom", { promptFrom }, "spec.prompt", /Forbidden: set exactly one of spec\.prompt and spec\.promptFrom/],
  [
    "a prompt with a variable that there is not",
    { prompt: "Change ${repository.nmae}." },
    "spec.prompt",
    /may use \$\{repository\.name\}, .* and nothing else that begins with \$\{repository\. or \$\{batchChange\./,
  ],
  ["no repositories", { repositories: undefined }, "spec.repositories", /Required value: name at least one repository/],
  ["an empty list of repositories", { repositories: [] }, "spec.repositories", /Required value: name at least one repository/],
  [
    "a claim without name",
    { resultStorage: { type: "PersistentVolumeClaim" } },
    "spec.resultStorage.claimName",
    /Required value: name the PersistentVolumeClaim/,
  ],
  [
    "an answer to failed checks of pull requests that are never opened",
    { publish: { policy: "Never", onCIFailure: { maxAttempts: 2 } } },
    "spec.publish.onCIFailure",
    /Forbidden: needs pull requests whose checks can fail: set spec\.publish\.policy to OnApproval or Automatic/,
  ],
  [
    "a selector that searches for nothing",
    { repositorySelector: { exclude: ["acme/legacy-*"] } },
    "spec.repositorySelector.search",
    /Required value: say what to search for: set search, codeSearch or both/,
  ],
  [
    "checks without an image to run in",
    { checks: [{ name: "test", command: ["npm", "test"] }] },
    "spec.toolbox",
    /Required value: checks need an image to run in: name one that has sh and tar in spec\.toolbox\.image/,
  ],
];

/** New manifests whose fields are right one by one and wrong together, or that this version does not carry out. */
export const badRules: readonly BadManifest[] = [
  ...rows.map(([name, spec, path, says]): BadManifest => ({ name, kind: "BatchChange", object: batchChange(spec), path, says })),
  {
    name: "a name of 41 characters",
    kind: "BatchChange",
    object: batchChange({}, undefined, "n".repeat(41)),
    path: "metadata.name",
    says: /must be at most 40 characters.*choose a shorter name/,
  },
  {
    name: "a new Changeset that is approved already",
    kind: "Changeset",
    object: changeset({ approval: { patch: digest("a"), by: "jane" }, repository: { url: goodURL, name: "acme/api" } }),
    path: "spec.approval",
    says: /must name the patch that is stored now/,
  },
];
