import type { JsonObject } from "../validate/json.ts";
import { type BadManifest, batchChange, changeset, digest, goodURL, withPatch } from "./manifest.ts";

type Row = readonly [name: string, from: JsonObject, to: JsonObject, path: string, says: RegExp];

const claim = { type: "PersistentVolumeClaim", claimName: "results" };
const other = "https://github.com/acme/web";

const batchRows: readonly Row[] = [
  ["another Secret", {}, { credentials: { anthropicSecret: "other" } }, "spec.credentials", /is immutable: make a new BatchChange/],
  ["another storage", {}, { resultStorage: claim }, "spec.resultStorage.type", /is immutable: results lie there already/],
  [
    "another claim",
    { resultStorage: claim },
    { resultStorage: { ...claim, claimName: "new" } },
    "spec.resultStorage.claimName",
    /is immutable/,
  ],
  [
    "other instructions",
    { repositories: [{ url: goodURL, instructions: "a" }] },
    { repositories: [{ url: goodURL, instructions: "b" }] },
    "spec.repositories[0].instructions",
    /is immutable: take the repository out/,
  ],
  [
    "instructions added to an entry that moved down",
    { repositories: [{ url: goodURL }] },
    { repositories: [{ url: other }, { url: goodURL, instructions: "b" }] },
    "spec.repositories[1].instructions",
    /is immutable/,
  ],
  ["a cancel taken back", { cancel: true }, { cancel: false }, "spec.cancel", /is final: a cancelled BatchChange stays cancelled/],
  ["a cancel left out", { cancel: true }, {}, "spec.cancel", /is final/],
  ["a lower retryFailed", { retryFailed: 2 }, { retryFailed: 1 }, "spec.retryFailed", /may only rise: set it to a higher number/],
  ["a prompt taken out", {}, { prompt: undefined }, "spec.prompt", /Required value/],
];

const changesetRows: readonly Row[] = [
  ["another batch", {}, { batchChange: "other" }, "spec.batchChange", /is immutable: edit the BatchChange instead/],
  [
    "another repository",
    {},
    { repository: { url: other, name: "acme/web" } },
    "spec.repository",
    /is immutable: edit the BatchChange instead/,
  ],
  [
    "a lower attempt",
    { attempt: 3 },
    { attempt: 2 },
    "spec.attempt",
    /may only rise: set it to a higher number to run this repository again/,
  ],
  ["a lower retryGeneration", { retryGeneration: 1 }, {}, "spec.retryGeneration", /may only rise: it follows spec\.retryFailed/],
  [
    "an approval before there is a patch",
    {},
    approval("a"),
    "spec.approval",
    /must name the patch that is stored now: read it, then set spec\.approval\.patch/,
  ],
];

const published: readonly (readonly [field: string, from: JsonObject, to: JsonObject])[] = [
  ["branch", { branch: "codybatch/a" }, { branch: "codybatch/b" }],
  ["title", {}, { title: "Another" }],
  ["body", { body: "Old" }, {}],
  ["commitMessage", {}, { commitMessage: "Another" }],
  ["draft", { draft: true }, { draft: false }],
];

/** Edits of stored objects that are refused. */
export const badEdits: readonly BadManifest[] = [
  ...batchRows.map(([name, from, to, path, says]): BadManifest => ({
    name,
    kind: "BatchChange",
    old: batchChange(from),
    object: batchChange(to),
    path,
    says,
  })),
  ...published.map(([field, from, to]): BadManifest => ({
    name: `another ${field} under an open pull request`,
    kind: "BatchChange",
    old: batchChange({ publish: from }, { pullRequests: 1 }),
    object: batchChange({ publish: to }, { pullRequests: 1 }),
    path: `spec.publish.${field}`,
    says: /cannot change once a pull request is open: edit the pull request itself/,
  })),
  ...changesetRows.map(([name, from, to, path, says]): BadManifest => ({
    name,
    kind: "Changeset",
    old: changeset(from),
    object: changeset(to),
    path,
    says,
  })),
  {
    name: "an approval of another patch than the stored one",
    kind: "Changeset",
    old: changeset({}, withPatch("a")),
    object: changeset(approval("d"), withPatch("a")),
    path: "spec.approval",
    says: /must name the patch that is stored now/,
  },
];

function approval(digit: string): JsonObject {
  return { approval: { patch: digest(digit), by: "jane" } };
}
