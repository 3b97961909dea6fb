import type { BatchChangeSpec } from "@codybatch/crds";
import { mebibyte, type Limits } from "./limits.ts";

/** Stored results of all batches have reached the administrator's limit: a full etcd would stop the whole cluster. */
export function isStorageFull(storedBytes: number, { maxTotalMiB }: Limits): boolean {
  return storedBytes >= maxTotalMiB * mebibyte;
}

/** A claim has its own size and none of it lies in etcd; this only keeps one try from filling it. */
const bytesOnClaim = 256 * mebibyte;

/** Bytes that one try may store: in ConfigMaps half of a Changeset's limit, because the last two tries are kept. */
export function bytesPerTry({ maxPerChangesetMiB }: Limits, type: BatchChangeSpec["resultStorage"]["type"]): number {
  return type === "PersistentVolumeClaim" ? bytesOnClaim : Math.floor((maxPerChangesetMiB * mebibyte) / 2);
}
