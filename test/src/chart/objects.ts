import { apiVersion, label, recordName } from "@codybatch/crds";

/** The smallest pod of the restricted standard; nothing runs it here. */
export function podOf(name: string, serviceAccountName: string): object {
  const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      serviceAccountName,
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
      containers: [{ name: "agent", image: "localhost/codybatch-runner:dev", securityContext }],
    },
  };
}

interface Identity {
  readonly name: string;
  readonly uid: string;
}

/** What a recorder stores of its pod, as the runner makes it. */
export function recordOf(pod: Identity, metadata: object = {}): { readonly metadata: { readonly labels: object } } {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: recordName.live(pod.name),
      labels: labelsOf(pod.uid),
      annotations: { "codybatch.dev/bytes": "2" },
      ownerReferences: [{ apiVersion, kind: "Changeset", name: "one-0123456789", uid: "00000000-0000-4000-8000-000000000000" }],
      ...metadata,
    },
    data: { "progress.json": "{}" },
  } as never;
}

export function labelsOf(uid: string, role = "live"): Readonly<Record<string, string>> {
  return {
    [label.podUID]: uid,
    [label.batchChange]: "one",
    [label.changeset]: "one-0123456789",
    [label.role]: role,
    "app.kubernetes.io/name": "cody-batch",
    "app.kubernetes.io/managed-by": "cody-batch",
  };
}

/** A BatchChange that every limit of the tests allows, with some fields changed. */
export function batchOf(name: string, spec: object = {}): object {
  const repositories = [{ url: "https://github.com/acme/api" }];
  return { apiVersion, kind: "BatchChange", metadata: { name }, spec: { prompt: "Move it to Node 24.", repositories, ...spec } };
}

/** A Changeset as the operator makes it. */
export function changesetOf(name: string, batch: Identity): object {
  return {
    apiVersion,
    kind: "Changeset",
    metadata: {
      name,
      labels: { [label.batchChange]: batch.name },
      ownerReferences: [{ apiVersion, kind: "BatchChange", ...batch, controller: true, blockOwnerDeletion: true }],
    },
    spec: { batchChange: batch.name, repository: { url: "https://github.com/acme/api", name: "acme/api" } },
  };
}
