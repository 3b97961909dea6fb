import { z } from "zod";

const ownerSchema = z.looseObject({ kind: z.string(), name: z.string(), uid: z.string(), controller: z.boolean().optional() });

/** What the process runner reads of any object's metadata; names and UIDs become parts of paths, so they are checked. */
export const metadataSchema = z.looseObject({
  name: z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/),
  namespace: z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/),
  uid: z.string().regex(/^[A-Za-z0-9][-A-Za-z0-9]{0,63}$/),
  resourceVersion: z.string().optional(),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
  deletionGracePeriodSeconds: z.number().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  ownerReferences: z.array(ownerSchema).default([]),
});

export type Metadata = z.infer<typeof metadataSchema>;

/** The object's controller, the one owner that manages it. */
export function controllerOf(metadata: Metadata): { readonly kind: string; readonly uid: string } | undefined {
  return metadata.ownerReferences.find((owner) => owner.controller === true);
}

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
