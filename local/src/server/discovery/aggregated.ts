import type { PlainObject } from "../object.ts";
import { groupsOf, versionsOf } from "./served.ts";
import type { Served, Subresource } from "./served.ts";

/** The media type that kubectl asks for first. */
export const aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** All groups, or only the core group, in one document. */
export function aggregatedDiscovery(served: readonly Served[], core: boolean): PlainObject {
  const groups = core ? [""] : groupsOf(served);
  const items = groups.map((group) => ({
    metadata: { name: group, creationTimestamp: null },
    versions: versionsOf(served, group).map((version) => versionOf(served, group, version)),
  }));
  return { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items };
}

function versionOf(served: readonly Served[], group: string, version: string): PlainObject {
  const kinds = served.filter((entry) => entry.group === group && entry.version === version);
  return { version, freshness: "Current", resources: kinds.map(resourceOf) };
}

function resourceOf(entry: Served): PlainObject {
  const { group, version, kind, plural, singular, namespaced, verbs, shortNames, categories, subresources } = entry;
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(subresources.length === 0 ? {} : { subresources: subresources.map(subresourceOf) }),
  };
}

function subresourceOf({ name, group, version, kind, verbs }: Subresource): PlainObject {
  return { subresource: name, responseKind: { group, version, kind }, verbs };
}
