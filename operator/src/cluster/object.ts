import type { Metadata } from "@codybatch/crds";
import { z } from "zod";

/** Any object as the API server sends it; only its metadata has been checked. */
export type KubeObject = Readonly<Record<string, unknown>> & { readonly metadata: Metadata };

const OwnerReference = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().exactOptional(),
  blockOwnerDeletion: z.boolean().exactOptional(),
});

/** Kinds without a generation get 0, cluster-scoped ones the namespace `""`. */
const ObjectMetadata = z.looseObject({
  name: z.string(),
  namespace: z.string().default(""),
  uid: z.string(),
  generation: z.int().default(0),
  resourceVersion: z.string(),
  creationTimestamp: z.string(),
  deletionTimestamp: z.string().exactOptional(),
  labels: z.record(z.string(), z.string()).exactOptional(),
  annotations: z.record(z.string(), z.string()).exactOptional(),
  ownerReferences: z.array(OwnerReference).exactOptional(),
});

const AnyObject = z.looseObject({ metadata: ObjectMetadata });

/** Checks an object's metadata; throws a ZodError when it is none. */
export function parseObject(raw: unknown): KubeObject {
  return AnyObject.parse(raw);
}

/** The metadata that the project reads, without managedFields and the rest; for caches. Throws a ZodError. */
export function slimMetadata(raw: unknown): Metadata {
  const { name, namespace, uid, generation, resourceVersion, creationTimestamp, ...rest } = AnyObject.parse(raw).metadata;
  return {
    name,
    namespace,
    uid,
    generation,
    resourceVersion,
    creationTimestamp,
    ...(rest.deletionTimestamp === undefined ? {} : { deletionTimestamp: rest.deletionTimestamp }),
    ...(rest.labels === undefined ? {} : { labels: rest.labels }),
    ...(rest.annotations === undefined ? {} : { annotations: rest.annotations }),
    ...(rest.ownerReferences === undefined ? {} : { ownerReferences: rest.ownerReferences }),
  };
}

/** Compares two resourceVersions as whole numbers of any size; `""` comes before all. */
export function compareVersions(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
