import { group, version } from "@codybatch/crds";
import { ageColumn, nameColumn } from "../view/columns.ts";
import type { Resource } from "./resource.ts";

const common = {
  group,
  version,
  categories: ["codybatch"],
  namespaced: true,
  custom: true,
  hasStatus: true,
  hasGeneration: true,
  columns: [nameColumn, ageColumn],
  rules: {},
} as const;

/** Our own kinds. */
export const customs: readonly Resource[] = [
  {
    ...common,
    kind: "BatchChange",
    plural: "batchchanges",
    singular: "batchchange",
    shortNames: ["bc"],
    selectableFields: [],
    storage: "batchchanges.codybatch.dev",
  },
  {
    ...common,
    kind: "Changeset",
    plural: "changesets",
    singular: "changeset",
    shortNames: ["cset"],
    selectableFields: ["spec.batchChange", "status.phase"],
    storage: "changesets.codybatch.dev",
  },
];
