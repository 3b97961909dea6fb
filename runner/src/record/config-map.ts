import type { RecordPart } from "@codybatch/crds";
import { annotation, apiVersion, label } from "@codybatch/crds";
import { z } from "zod";
import type { PodIdentity } from "./config.ts";
import type { Purpose } from "./purpose.ts";

export interface Payload {
  readonly data?: Readonly<Record<string, string>>;
  readonly binary?: Readonly<Record<string, Buffer>>;
}

/** Whose results they are. */
export interface Owner {
  readonly pod: PodIdentity;
  readonly purpose: Purpose;
}

/** Results of one pod. */
export function configMap(owner: Owner, part: RecordPart, name: string, payload: Payload) {
  const { pod, purpose } = owner;
  const { data = {}, binary = {} } = payload;
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name,
      namespace: pod.namespace,
      labels: {
        [label.podUID]: pod.uid,
        ...purpose.labels,
        [label.role]: part,
        "app.kubernetes.io/name": "cody-batch",
        "app.kubernetes.io/managed-by": "cody-batch",
      },
      annotations: { [annotation.bytes]: String(payloadBytes(payload)) },
      ownerReferences: [{ apiVersion, ...purpose.owner }],
    },
    data,
    binaryData: Object.fromEntries(Object.entries(binary).map(([key, bytes]) => [key, bytes.toString("base64")])),
    // A transcript's chunk never changes again; the server need not watch it.
    ...(part === "transcript" ? { immutable: true } : {}),
  };
}

function payloadBytes({ data = {}, binary = {} }: Payload): number {
  const texts = Object.values(data).map((text) => Buffer.byteLength(text));
  const blobs = Object.values(binary).map((bytes) => bytes.length);
  return [...texts, ...blobs].reduce((sum, bytes) => sum + bytes, 0);
}

/** What is read back of a ConfigMap. */
export const StoredConfigMap = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }),
  binaryData: z.record(z.string(), z.string()).default({}),
});
export type StoredConfigMap = z.infer<typeof StoredConfigMap>;
