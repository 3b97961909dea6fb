import { valueAt } from "../object.ts";
import type { KubeObject } from "../object.ts";
import type { Resource } from "../kinds/resource.ts";
import { selectable } from "../selector/field.ts";

/** A stored version of an object: its text, and what selectors and the collector ask for, so that nothing is parsed to be found. */
export interface Entry {
  readonly storage: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly version: number;
  readonly json: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
  /** UIDs of the owners. */
  readonly owners: readonly string[];
  readonly deleting: boolean;
}

/** One committed change, as a watch replays it. */
export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly version: number;
  /** The object after the change; of a deletion its last state with the deletion's version. */
  readonly entry: Entry;
  readonly previous: Entry | undefined;
}

const none: Readonly<Record<string, string>> = Object.freeze({});
const nobody: readonly string[] = Object.freeze([]);

export function entryKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

export function entryOf(resource: Resource, object: KubeObject): Entry {
  const { metadata } = object;
  return {
    storage: resource.storage,
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    uid: metadata.uid,
    version: Number(metadata.resourceVersion),
    json: JSON.stringify(object),
    labels: metadata.labels ?? none,
    fields: fieldsOf(resource, object),
    owners: metadata.ownerReferences?.map((owner) => owner.uid) ?? nobody,
    deleting: metadata.deletionTimestamp !== undefined,
  };
}

function fieldsOf(resource: Resource, object: KubeObject): Readonly<Record<string, string>> {
  const entries = selectable(resource.conversion?.stored ?? resource).map((path): [string, string] => [
    path,
    fieldText(valueAt(object, path)),
  ]);
  return Object.fromEntries(entries);
}

function fieldText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
