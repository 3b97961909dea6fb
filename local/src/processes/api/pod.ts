import { z } from "zod";

import { metadataSchema } from "./metadata.ts";

const label = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
const fieldRef = z.looseObject({ fieldPath: z.string() });
const items = z.array(z.looseObject({ key: z.string(), path: z.string() })).optional();
const downwardItems = z.array(z.looseObject({ path: z.string(), fieldRef: fieldRef.optional() })).default([]);
const configMap = z.looseObject({ name: z.string(), items, optional: z.boolean().default(false) });
const secret = z.looseObject({ name: z.string(), items, optional: z.boolean().default(false) });
const token = z.looseObject({ path: z.string(), audience: z.string().optional(), expirationSeconds: z.number().default(3600) });

const projection = z.looseObject({
  serviceAccountToken: token.optional(),
  configMap: configMap.optional(),
  secret: secret.optional(),
  downwardAPI: z.looseObject({ items: downwardItems }).optional(),
});

const volumeSchema = z.looseObject({
  name: label,
  emptyDir: z.looseObject({}).optional(),
  configMap: configMap.optional(),
  secret: z.looseObject({ secretName: z.string(), items, optional: z.boolean().default(false) }).optional(),
  downwardAPI: z.looseObject({ items: downwardItems }).optional(),
  projected: z.looseObject({ sources: z.array(projection).default([]) }).optional(),
  persistentVolumeClaim: z.looseObject({ claimName: z.string() }).optional(),
});

const variableSchema = z.looseObject({
  name: z.string(),
  value: z.string().default(""),
  valueFrom: z.looseObject({ fieldRef: fieldRef.optional() }).optional(),
});

const mountSchema = z.looseObject({
  name: label,
  mountPath: z.string(),
  subPath: z.string().optional(),
  subPathExpr: z.string().optional(),
});

const containerSchema = z.looseObject({
  name: label,
  image: z.string().default(""),
  command: z.array(z.string()).default([]),
  args: z.array(z.string()).default([]),
  workingDir: z.string().optional(),
  env: z.array(variableSchema).default([]),
  volumeMounts: z.array(mountSchema).default([]),
  restartPolicy: z.string().optional(),
});

const podSpecSchema = z.looseObject({
  nodeName: z.string().optional(),
  serviceAccountName: z.string().default("default"),
  activeDeadlineSeconds: z.number().optional(),
  terminationGracePeriodSeconds: z.number().default(30),
  initContainers: z.array(containerSchema).default([]),
  containers: z.array(containerSchema),
  volumes: z.array(volumeSchema).default([]),
});

const conditionSchema = z.looseObject({ type: z.string(), status: z.string(), lastTransitionTime: z.string().nullish() });

const podStatusSchema = z.looseObject({
  phase: z.string().default("Pending"),
  startTime: z.string().optional(),
  conditions: z.array(conditionSchema).default([]),
});

/** A pod as far as the process runner reads it. Everything else is kept but ignored. */
export const podSchema = z.looseObject({
  metadata: metadataSchema,
  spec: podSpecSchema,
  status: podStatusSchema.default({ phase: "Pending", conditions: [] }),
});

export type Pod = z.infer<typeof podSchema>;
export type PodSpec = z.infer<typeof podSpecSchema>;
export type Container = z.infer<typeof containerSchema>;
export type Volume = z.infer<typeof volumeSchema>;
export type Projection = z.infer<typeof projection>;
export type KeyItems = z.infer<typeof items>;
export type DownwardItem = z.infer<typeof downwardItems>[number];
export type Condition = z.infer<typeof conditionSchema>;

/** Whether the pod has ended for good. */
export function isTerminal(pod: Pod): boolean {
  return pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
}

/** Whether this init container is a native sidecar. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === "Always";
}
