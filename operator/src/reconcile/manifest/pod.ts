import { annotation, apiVersion, type Metadata } from "@codybatch/crds";
import type { RunnerSettings, Settings } from "../settings.ts";

export const recorderServiceAccount = "codybatch-recorder";

/** With what each container adds, the Pod Security Standard "restricted". */
const restricted = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 1000,
  fsGroup: 1000,
  seccompProfile: { type: "RuntimeDefault" },
};

/** Spec of a Job whose pod Kubernetes never repeats: each repetition costs money or asks a host again, so the operator decides. */
export function once<Template>(template: Template) {
  return { backoffLimit: 0, podReplacementPolicy: "Failed", completions: 1, parallelism: 1, template } as const;
}

/** What the pods of all Jobs have in common; past the deadline and the backstop Kubernetes ends them. */
export function podBase({ timings, runner }: Settings, deadlineSeconds: number) {
  return {
    restartPolicy: "Never",
    // Here and not in the Job: a Job's deadline deletes the pod, and counts while it waits for a node.
    activeDeadlineSeconds: Math.ceil(deadlineSeconds + timings.backstop),
    terminationGracePeriodSeconds: Math.ceil(timings.terminationGrace),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    serviceAccountName: recorderServiceAccount,
    securityContext: restricted,
    ...placement(runner),
  };
}

/** Labels and input of a Job's pod. */
export function podMetadata(labels: Readonly<Record<string, string>>, input: object) {
  return { labels, annotations: { [annotation.input]: JSON.stringify(input) } };
}

export function ownedBy(kind: "Changeset" | "BatchChange", { name, uid }: Metadata) {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** The labels that Kubernetes recommends. */
export function recommendedLabels(component: string) {
  return {
    "app.kubernetes.io/name": "cody-batch",
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/managed-by": "cody-batch",
  };
}

function placement(runner: RunnerSettings): Record<string, unknown> {
  return {
    ...(runner.nodeSelector && { nodeSelector: runner.nodeSelector }),
    ...(runner.tolerations && { tolerations: runner.tolerations }),
    ...(runner.imagePullSecrets && { imagePullSecrets: runner.imagePullSecrets.map((name) => ({ name })) }),
    ...(runner.runtimeClassName !== undefined && { runtimeClassName: runner.runtimeClassName }),
  };
}
