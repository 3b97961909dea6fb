import { group, version } from "@codybatch/crds";

/** One kind of object and where the API server serves it. The core group is `""`. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
}

/** Every kind that the operator touches. */
export const resources = {
  batchChanges: { group, version, plural: "batchchanges", kind: "BatchChange" },
  changesets: { group, version, plural: "changesets", kind: "Changeset" },
  jobs: { group: "batch", version: "v1", plural: "jobs", kind: "Job" },
  pods: { group: "", version: "v1", plural: "pods", kind: "Pod" },
  configMaps: { group: "", version: "v1", plural: "configmaps", kind: "ConfigMap" },
  events: { group: "events.k8s.io", version: "v1", plural: "events", kind: "Event" },
  leases: { group: "coordination.k8s.io", version: "v1", plural: "leases", kind: "Lease" },
  namespaces: { group: "", version: "v1", plural: "namespaces", kind: "Namespace" },
  serviceAccounts: { group: "", version: "v1", plural: "serviceaccounts", kind: "ServiceAccount" },
  roleBindings: { group: "rbac.authorization.k8s.io", version: "v1", plural: "rolebindings", kind: "RoleBinding" },
} as const satisfies Record<string, Resource>;

/** URL path of the collection; without a namespace, of all namespaces or of a cluster-scoped kind. */
export function collectionPath(resource: Resource, namespace?: string): string {
  const root = resource.group === "" ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const scope = namespace === undefined || namespace === "" ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${scope}/${resource.plural}`;
}

/** URL path of one object. */
export function objectPath(resource: Resource, namespace: string, name: string): string {
  return `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
}
