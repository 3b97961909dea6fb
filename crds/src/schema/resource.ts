import { group, version } from "../api.ts";
import { BatchChangeStatus } from "../kinds/batch-change-status.ts";
import { BatchChangeSpec } from "../kinds/batch-change.ts";
import { ChangesetStatus } from "../kinds/changeset-status.ts";
import { ChangesetSpec } from "../kinds/changeset.ts";
import type { SchemaNode } from "./node.ts";
import { toStructural } from "./structural.ts";

export const kinds = ["BatchChange", "Changeset"] as const;
export type Kind = (typeof kinds)[number];

/** How a kind is called in paths, by kubectl and in discovery. */
export interface KindNames {
  readonly group: string;
  readonly version: string;
  readonly kind: Kind;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Fields that a field selector may name beside metadata.name and metadata.namespace. */
  readonly selectableFields: readonly string[];
}

/** The names of a kind. */
export function resourceOf(kind: Kind): KindNames {
  return names[kind];
}

const names: Readonly<Record<Kind, KindNames>> = {
  BatchChange: called("BatchChange", "bc", []),
  Changeset: called("Changeset", "cset", [".spec.batchChange", ".status.phase"]),
};

function called(kind: Kind, shortName: string, selectableFields: readonly string[]): KindNames {
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  return {
    group,
    version,
    kind,
    listKind: `${kind}List`,
    plural,
    singular,
    shortNames: [shortName],
    categories: ["codybatch"],
    selectableFields,
  };
}

const schemas: Readonly<Record<Kind, SchemaNode>> = {
  BatchChange: whole(
    "A change, described in plain words, that Claude makes in many repositories.",
    toStructural(BatchChangeSpec),
    toStructural(BatchChangeStatus),
  ),
  Changeset: whole(
    "The change of one repository and base branch. Made by the operator; users change only attempt and approval.",
    toStructural(ChangesetSpec),
    toStructural(ChangesetStatus),
  ),
};

/** The structural schema of a kind, with defaults, forms and change kinds. */
export function schemaOf(kind: Kind): SchemaNode {
  return schemas[kind];
}

function whole(description: string, spec: SchemaNode, status: SchemaNode): SchemaNode {
  return {
    type: "object",
    description,
    required: ["spec"],
    properties: {
      apiVersion: { type: "string", description: "Version of the schema." },
      kind: { type: "string", description: "Kind of the object." },
      metadata: { type: "object" },
      spec: { ...spec, description: "What is wanted." },
      status: { ...status, description: "What the operator observed." },
    },
  };
}
