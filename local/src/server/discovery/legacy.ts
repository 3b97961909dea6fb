import type { PlainObject } from "../object.ts";
import { groupsOf, versionsOf } from "./served.ts";
import type { Served } from "./served.ts";

export function coreVersions(): PlainObject {
  return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
}

export function groupList(served: readonly Served[]): PlainObject {
  const groups = groupsOf(served).map((group) => groupBody(served, group));
  return { kind: "APIGroupList", apiVersion: "v1", groups };
}

/** One group, or undefined when there is none of this name. */
export function groupOf(served: readonly Served[], group: string): PlainObject | undefined {
  return groupsOf(served).includes(group) ? { kind: "APIGroup", apiVersion: "v1", ...groupBody(served, group) } : undefined;
}

function groupBody(served: readonly Served[], name: string): PlainObject {
  const versions = versionsOf(served, name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

/** The kinds of one version of a group, or undefined when there are none. */
export function resourceList(served: readonly Served[], group: string, version: string): PlainObject | undefined {
  const kinds = served.filter((entry) => entry.group === group && entry.version === version);
  if (kinds.length === 0) return undefined;
  const groupVersion = group === "" ? version : `${group}/${version}`;
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources: kinds.flatMap(listedOf) };
}

function listedOf(entry: Served): readonly PlainObject[] {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories, subresources } = entry;
  const names = { ...(shortNames.length === 0 ? {} : { shortNames }), ...(categories.length === 0 ? {} : { categories }) };
  const below = subresources.map((subresource) => ({
    name: `${plural}/${subresource.name}`,
    singularName: "",
    namespaced,
    kind: subresource.kind,
    verbs: subresource.verbs,
  }));
  return [{ name: plural, singularName: singular, namespaced, kind, verbs, ...names }, ...below];
}
