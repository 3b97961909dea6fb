import type { Column, Resource } from "../kinds/resource.ts";
import type { KubeObject, PlainObject } from "../object.ts";

/** How much of the object itself comes with a row. */
export type RowObject = "None" | "Metadata" | "Object";

interface RowOptions {
  /** Present time in milliseconds, for ages. */
  readonly now: number;
  readonly includeObject: RowObject;
}

export function columnDefinition({ name, type, format = "", description, priority }: Column): PlainObject {
  return { name, type, format, description, priority };
}

export function rowOf(resource: Resource, object: KubeObject, { now, includeObject }: RowOptions): PlainObject {
  const cells = resource.columns.map((column) => column.cell(object, now) ?? null);
  if (includeObject === "None") return { cells };
  const { metadata } = object;
  const partial = { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata };
  return { cells, object: includeObject === "Object" ? object : partial };
}
