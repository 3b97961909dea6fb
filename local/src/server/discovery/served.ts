import type { Registry } from "../kinds/registry.ts";
import type { Resource } from "../kinds/resource.ts";
import { virtualKinds } from "../review/virtual.ts";

/** A kind as discovery lists it: stored, or one that is only asked. */
export interface Served {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly Subresource[];
}

export interface Subresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

const allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

function subresourcesOf(resource: Resource): readonly Subresource[] {
  const { group, version, kind } = resource;
  const status = { name: "status", group, version, kind, verbs: ["get", "patch", "update"] };
  const token = { name: "token", group: "authentication.k8s.io", version: "v1", kind: "TokenRequest", verbs: ["create"] };
  return [...(resource.hasStatus ? [status] : []), ...(resource.kind === "ServiceAccount" ? [token] : [])];
}

function servedOf(resource: Resource): Served {
  const { group, version, plural, singular, kind, namespaced, shortNames, categories } = resource;
  return {
    group,
    version,
    plural,
    singular,
    kind,
    namespaced,
    shortNames,
    categories,
    verbs: allVerbs,
    subresources: subresourcesOf(resource),
  };
}

const virtual: readonly Served[] = virtualKinds.map((entry) => ({
  ...entry,
  singular: entry.kind.toLowerCase(),
  shortNames: [],
  categories: [],
  verbs: ["create"],
  subresources: [],
}));

/** Everything that discovery lists, the core group included. */
export function servedBy(registry: Registry): readonly Served[] {
  return [...registry.resources.map(servedOf), ...virtual];
}

/** Group names without the core group, each once. */
export function groupsOf(served: readonly Served[]): readonly string[] {
  return [...new Set(served.map(({ group }) => group))].filter((group) => group !== "");
}

/** Versions of a group. */
export function versionsOf(served: readonly Served[], group: string): readonly string[] {
  return [...new Set(served.filter((entry) => entry.group === group).map(({ version }) => version))];
}
