import type { Registry } from "../kinds/registry.ts";
import { badRequest, noSuchPath } from "./status.ts";
import type { Target } from "./exchange.ts";

interface Prefix {
  readonly group: string;
  readonly version: string;
  readonly rest: readonly string[];
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    throw badRequest(`the path has a wrong escape: ${String(error)}`);
  }
}

function prefixOf(path: string): Prefix | undefined {
  const [root, first = "", second = "", ...rest] = path.split("/").slice(1).map(decoded);
  if (root === "api" && second !== "") return { group: "", version: first, rest: [second, ...rest] };
  if (root === "apis" && rest[0] !== undefined && rest[0] !== "") return { group: first, version: second, rest };
  return undefined;
}

/** The object or collection that a path names, or undefined for a path of discovery and the like. Throws a 404 for an unknown kind. */
export function targetOf(registry: Registry, path: string): Target | undefined {
  const prefix = prefixOf(path.length > 1 ? path.replace(/\/$/, "") : path);
  if (prefix === undefined) return undefined;
  const target = namespacedTarget(registry, prefix) ?? plainTarget(registry, prefix);
  if (target === undefined) throw noSuchPath();
  return target;
}

/** `namespaces/NAMESPACE/PLURAL…` */
function namespacedTarget(registry: Registry, { group, version, rest }: Prefix): Target | undefined {
  const [scope, namespace = "", plural = "", name, subresource] = rest;
  if (scope !== "namespaces" || plural === "" || rest.length > 5) return undefined;
  const resource = registry.find(group, version, plural);
  return resource?.namespaced === true ? { resource, namespace, name, subresource } : undefined;
}

/** `PLURAL…`; of a namespaced kind only the collection over all namespaces. */
function plainTarget(registry: Registry, { group, version, rest }: Prefix): Target | undefined {
  const [plural = "", name, subresource] = rest;
  const resource = registry.find(group, version, plural);
  if (resource === undefined || rest.length > (resource.namespaced ? 1 : 3)) return undefined;
  return { resource, namespace: "", name, subresource };
}
