import { annotation, durationSeconds, label, type BatchChange, type Changeset, type RunInput } from "@codybatch/crds";
import type { Settings } from "../settings.ts";
import { agent, clone, container, recorder } from "./container.ts";
import { readCredential } from "./credential.ts";
import { mintContainers } from "./mint.ts";
import { once, ownedBy, podBase, podMetadata, recommendedLabels } from "./pod.ts";
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

/** The Job of one try. */
export function jobManifest(parts: JobParts) {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: parts.name,
      namespace: parts.changeset.metadata.namespace,
      labels: labelsOf(parts),
      annotations: { [annotation.reservedNanoUSD]: String(parts.reservedNanoUSD), [annotation.inputsHash]: parts.inputsHash },
      ownerReferences: [ownedBy("Changeset", parts.changeset.metadata)],
    },
    spec: once(podTemplate(parts)),
  };
}

function podTemplate(parts: JobParts) {
  return {
    metadata: podMetadata(labelsOf(parts), parts.input),
    spec: {
      ...podBase(parts.settings, durationSeconds(parts.input.agent.timeout)),
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

function labelsOf({ batch, changeset }: JobParts): Record<string, string> {
  return {
    [label.batchChange]: batch.metadata.name,
    [label.changeset]: changeset.metadata.name,
    [label.role]: "change",
    ...recommendedLabels("runner"),
  };
}
