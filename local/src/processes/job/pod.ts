import { createHash } from "node:crypto";

import type { Job } from "../api/job.ts";
import { controllerUIDLabel, ourSelector } from "../api/paths.ts";

/** Kubernetes' letters for generated names: no vowels, so no words. */
const letters = "bcdfghjklmnpqrstvwxz2456789";

interface PodManifest extends Readonly<Record<string, unknown>> {
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string };
}

/**
 * The pod number `number` of the Job, as the Job controller would make it. The suffix looks random but follows from Job and number,
 * so that a request sent twice makes one pod.
 */
export function podFor(job: Job, number: number): PodManifest {
  const { name, namespace, uid } = job.metadata;
  const { labels, annotations } = job.spec.template.metadata;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${name}-${suffix(`${uid}/${number}`)}`,
      generateName: `${name}-`,
      namespace,
      labels: { ...labels, [ourSelector.key]: ourSelector.value, ...identity(name, uid) },
      annotations,
      ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name, uid, controller: true, blockOwnerDeletion: true }],
    },
    spec: job.spec.template.spec,
  };
}

function identity(name: string, uid: string): Readonly<Record<string, string>> {
  return { [controllerUIDLabel]: uid, "batch.kubernetes.io/job-name": name, "controller-uid": uid, "job-name": name };
}

function suffix(seed: string): string {
  const bytes = createHash("sha256").update(seed).digest().subarray(0, 5);
  return [...bytes].map((byte) => letters[byte % letters.length]).join("");
}
