import { annotation, apiVersion, label, type BatchChange } from "@codybatch/crds";
import { recorderServiceAccount } from "../reconcile/manifest/pod.ts";
import type { Action } from "../reconcile/wish.ts";

export const managedBy = { "app.kubernetes.io/managed-by": "cody-batch" };

function ownedBy({ metadata: { name, uid } }: BatchChange, blockOwnerDeletion: boolean) {
  return [{ apiVersion, kind: "BatchChange", name, uid, controller: true, blockOwnerDeletion }];
}

/** The Changeset of one repository. */
export function changesetManifest({ name, spec, batch, isFound }: Extract<Action, { kind: "CreateChangeset" }>): object {
  const { namespace } = batch.metadata;
  const found = isFound === true ? { [label.discovered]: "true" } : {};
  const labels = { ...managedBy, [label.batchChange]: batch.metadata.name, ...found };
  return { apiVersion, kind: "Changeset", metadata: { name, namespace, labels, ownerReferences: ownedBy(batch, true) }, spec };
}

/** A text that attempts work with; it never changes. */
export function promptManifest({ name, text, batch }: Extract<Action, { kind: "CreatePrompt" }>): object {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name,
      namespace: batch.metadata.namespace,
      labels: { ...managedBy, [label.batchChange]: batch.metadata.name, [label.role]: "prompt" },
      annotations: { [annotation.bytes]: String(new TextEncoder().encode(text).length) },
      ownerReferences: ownedBy(batch, false),
    },
    immutable: true,
    data: { prompt: text },
  };
}

export function recorderAccountManifest(namespace: string): object {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: recorderServiceAccount, namespace, labels: managedBy },
    automountServiceAccountToken: false,
  };
}

/** Gives the recorder of this namespace the one ClusterRole that the operator may bind. */
export function recorderBindingManifest(namespace: string): object {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: recorderServiceAccount, namespace, labels: managedBy },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: recorderServiceAccount },
    subjects: [{ kind: "ServiceAccount", name: recorderServiceAccount, namespace }],
  };
}
