interface Place {
  readonly namespace: string;
  readonly name?: string;
}

function namespaced(root: string, plural: string): (place: Place) => string {
  return ({ namespace, name }) => `${root}/namespaces/${namespace}/${plural}${name === undefined ? "" : `/${name}`}`;
}

/** Request paths of the kinds that the process runner touches. */
export const paths = {
  allPods: "/api/v1/pods",
  allJobs: "/apis/batch/v1/jobs",
  pod: namespaced("/api/v1", "pods"),
  job: namespaced("/apis/batch/v1", "jobs"),
  configMap: namespaced("/api/v1", "configmaps"),
  serviceAccount: namespaced("/api/v1", "serviceaccounts"),
} as const;

/** Selects what the process runner is responsible for. */
export const ourSelector = { key: "app.kubernetes.io/name", value: "cody-batch" } as const;

/** On each pod, the UID of its Job. */
export const controllerUIDLabel = "batch.kubernetes.io/controller-uid";
