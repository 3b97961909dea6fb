import { crdManifests } from "@codybatch/crds";
import type { CustomResourceDefinition } from "@codybatch/crds";
import { valueAt } from "../object.ts";
import { age } from "../view/age.ts";
import { nameColumn } from "../view/columns.ts";
import type { Column, Resource } from "./resource.ts";

type Version = CustomResourceDefinition["spec"]["versions"][0];
type PrinterColumn = Version["additionalPrinterColumns"][number];

function columnOf({ name, type, jsonPath, priority }: PrinterColumn): Column {
  const path = jsonPath.slice(1);
  const shown = (value: unknown): ReturnType<Column["cell"]> => (isScalar(value) ? value : undefined);
  return {
    name,
    type,
    description: `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    priority: priority ?? 0,
    cell: (object, now) => (type === "date" ? age(valueAt(object, path), now) : shown(valueAt(object, path))),
  };
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function resourceOfManifest({ metadata, spec }: CustomResourceDefinition): Resource {
  const [version] = spec.versions;
  const { kind, plural, singular, shortNames, categories } = spec.names;
  return {
    group: spec.group,
    version: version.name,
    kind,
    plural,
    singular,
    shortNames,
    categories,
    namespaced: true,
    custom: true,
    hasStatus: true,
    hasGeneration: true,
    selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.slice(1)),
    columns: [nameColumn, ...version.additionalPrinterColumns.map(columnOf)],
    storage: metadata.name,
    rules: {},
    schema: version.schema.openAPIV3Schema,
  };
}

/** Our own kinds, as their CRDs describe them. */
export const customs: readonly Resource[] = crdManifests().map(resourceOfManifest);
