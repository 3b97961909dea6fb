import { annotation, apiVersion, durationSeconds, label, type BatchChange, type Changeset, type RunInput } from "@codybatch/crds";
import type { RunnerSettings, Settings } from "../settings.ts";
import { agent, clone, container, recorder } from "./container.ts";
import { readCredential } from "./credential.ts";
import { mintContainers } from "./mint.ts";
import { toolboxContainer, toolboxOf } from "./toolbox.ts";
import { volumesOf } from "./volume.ts";

/** Everything that a change Job is made of. */
export interface JobParts {
  readonly name: string;
  readonly batch: BatchChange;
  readonly changeset: Changeset;
  readonly input: RunInput;
  readonly promptName: string;
  readonly inputsHash: string;
  readonly reservedNanoUSD: number;
  /** Where the patch lies that the try goes on from: a ConfigMap, or a path on the claim. */
  readonly resumeFrom: string | undefined;
  readonly settings: Settings;
}

export type JobManifest = ReturnType<typeof jobManifest>;

export const recorderServiceAccount = "codybatch-recorder";

/** The Job of one try. Kubernetes never repeats its pod: each repetition costs money, so the operator decides. */
export function jobManifest(parts: JobParts) {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: parts.name,
      namespace: parts.changeset.metadata.namespace,
      labels: labelsOf(parts),
      annotations: { [annotation.reservedNanoUSD]: String(parts.reservedNanoUSD), [annotation.inputsHash]: parts.inputsHash },
      ownerReferences: [ownerOf(parts)],
    },
    spec: { backoffLimit: 0, podReplacementPolicy: "Failed", completions: 1, parallelism: 1, template: podTemplate(parts) },
  };
}

function ownerOf({ changeset: { metadata } }: JobParts) {
  return { apiVersion, kind: "Changeset", name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true };
}

function podTemplate(parts: JobParts) {
  const { timings, runner } = parts.settings;
  return {
    metadata: { labels: labelsOf(parts), annotations: { [annotation.input]: JSON.stringify(parts.input) } },
    spec: {
      restartPolicy: "Never",
      // Here and not in the Job: a Job's deadline deletes the pod, and counts while it waits for a node.
      activeDeadlineSeconds: durationSeconds(parts.input.agent.timeout) + Math.ceil(timings.backstop),
      terminationGracePeriodSeconds: Math.ceil(timings.terminationGrace),
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      serviceAccountName: recorderServiceAccount,
      securityContext: restricted,
      ...placement(runner),
      initContainers: initContainers(parts),
      containers: [container(parts, agent(parts))],
      volumes: volumesOf(parts),
    },
  };
}

/** Kubernetes starts them in this order: the toolbox when clone has laid its script. */
function initContainers(parts: JobParts) {
  const toolbox = toolboxOf(parts.batch.spec);
  return [
    { ...container(parts, recorder(parts)), restartPolicy: "Always" },
    ...mintContainers(parts.settings, readCredential(parts.batch.spec.credentials)),
    container(parts, clone(parts)),
    ...(toolbox === undefined ? [] : [toolboxContainer(toolbox, parts.settings.runner)]),
  ];
}

/** With what each container adds, the Pod Security Standard "restricted". */
export const restricted = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 1000,
  fsGroup: 1000,
  seccompProfile: { type: "RuntimeDefault" },
};

function labelsOf({ batch, changeset }: JobParts): Record<string, string> {
  return {
    [label.batchChange]: batch.metadata.name,
    [label.changeset]: changeset.metadata.name,
    [label.role]: "change",
    "app.kubernetes.io/name": "cody-batch",
    "app.kubernetes.io/component": "runner",
    "app.kubernetes.io/managed-by": "cody-batch",
  };
}

export function placement(runner: RunnerSettings): Record<string, unknown> {
  return {
    ...(runner.nodeSelector && { nodeSelector: runner.nodeSelector }),
    ...(runner.tolerations && { tolerations: runner.tolerations }),
    ...(runner.imagePullSecrets && { imagePullSecrets: runner.imagePullSecrets.map((name) => ({ name })) }),
    ...(runner.runtimeClassName !== undefined && { runtimeClassName: runner.runtimeClassName }),
  };
}
