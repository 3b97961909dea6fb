import type { KubeObject, PlainObject } from "../object.ts";
import type { Cause } from "../http/status.ts";

/** One column of a Table. `cell` gets the object and the present time in milliseconds. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format?: string;
  readonly description: string;
  /** 0 is always shown, more only with `-o wide`. */
  readonly priority: number;
  readonly cell: (object: KubeObject, now: number) => string | number | boolean | undefined;
}

/** What a kind does at the door, beside the rules for all metadata. */
export interface Rules {
  /** Throws a 400 for values of a wrong type. */
  readonly decode?: (object: KubeObject) => KubeObject;
  /** Defaults for a new object. */
  readonly prepare?: (object: KubeObject) => KubeObject;
  /** Why an object, or its change, is refused. */
  readonly check?: (object: KubeObject, old: KubeObject | undefined) => readonly Cause[];
}

interface Conversion {
  /** The kind as which objects are stored. */
  readonly stored: Resource;
  readonly toStored: (object: KubeObject) => KubeObject;
  readonly fromStored: (object: KubeObject) => KubeObject;
}

/** A kind that the server stores and serves. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** True for our own kinds, whose schemas are in `@codybatch/crds`. */
  readonly custom: boolean;
  readonly hasStatus: boolean;
  /** Whether metadata.generation counts changes of anything but metadata and status. */
  readonly hasGeneration: boolean;
  /** Paths, beside metadata.name and metadata.namespace, that a field selector may name. */
  readonly selectableFields: readonly string[];
  readonly columns: readonly Column[];
  /** Name under which objects are stored; two versions of one kind share it. */
  readonly storage: string;
  readonly rules: Rules;
  /** OpenAPI v3 schema, for kinds that have one here. */
  readonly schema?: PlainObject;
  /** For a second view of stored objects. */
  readonly conversion?: Conversion;
}

export function apiVersionOf(resource: Resource): string {
  return resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
}

/** `jobs.batch`, or `pods` for the core group. */
export function qualifiedName(resource: Resource): string {
  return resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
}
