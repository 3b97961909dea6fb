import { mebibyte, type Limits } from "./limits.ts";

/** Stored results of all batches have reached the administrator's limit: a full etcd would stop the whole cluster. */
export function isStorageFull(storedBytes: number, { maxTotalMiB }: Limits): boolean {
  return storedBytes >= maxTotalMiB * mebibyte;
}

/** Bytes that one try may store: half of a Changeset's limit, because the last two tries are kept. */
export function bytesPerTry({ maxPerChangesetMiB }: Limits): number {
  return Math.floor((maxPerChangesetMiB * mebibyte) / 2);
}
