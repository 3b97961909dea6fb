type Fields = Readonly<Record<string, unknown>>;

export const path = {
  namespaces: "/api/v1/namespaces",
  configMaps: "/api/v1/namespaces/default/configmaps",
  pods: "/api/v1/namespaces/default/pods",
  events: "/api/v1/namespaces/default/events",
  serviceAccounts: "/api/v1/namespaces/default/serviceaccounts",
  jobs: "/apis/batch/v1/namespaces/default/jobs",
  batchChanges: "/apis/codybatch.dev/v1alpha1/namespaces/default/batchchanges",
  changesets: "/apis/codybatch.dev/v1alpha1/namespaces/default/changesets",
} as const;

export function configMap(name: string, more: Fields = {}, metadata: Fields = {}): Fields {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...metadata }, ...more };
}

export function namespace(name: string): Fields {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

const podSpec = { restartPolicy: "Never", containers: [{ name: "agent", image: "x" }] };

export function pod(name: string, spec: Fields = {}, metadata: Fields = {}): Fields {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, ...metadata }, spec: { ...podSpec, ...spec } };
}

export function job(name: string, spec: Fields = {}, metadata: Fields = {}): Fields {
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name, ...metadata }, spec: { template: { spec: podSpec }, ...spec } };
}

export function batchChange(name: string, spec: Fields = {}): Fields {
  const repositories = [{ url: "https://github.com/acme/api" }];
  return {
    apiVersion: "codybatch.dev/v1alpha1",
    kind: "BatchChange",
    metadata: { name },
    spec: { prompt: "Do it", repositories, ...spec },
  };
}

export function changeset(name: string, spec: Fields = {}, metadata: Fields = {}): Fields {
  const repository = { url: "https://github.com/acme/api", name: "acme/api" };
  return {
    apiVersion: "codybatch.dev/v1alpha1",
    kind: "Changeset",
    metadata: { name, ...metadata },
    spec: { batchChange: "b", repository, ...spec },
  };
}

export function owner(of: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string };
}): Fields {
  return { apiVersion: of.apiVersion, kind: of.kind, name: of.metadata.name, uid: of.metadata.uid };
}
