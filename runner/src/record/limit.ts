const kibibyte = 1024;

/** Most gzipped bytes in one ConfigMap: 900 KiB as base64, below the API server's 1 MiB and etcd's 1.5 MiB. */
export const mostObjectBytes = 675 * kibibyte;

/** Most gzipped bytes of the transcript's tail, and of the patch, in `-live`. What is longer becomes a chunk of its own. */
export const mostLiveBytes = 256 * kibibyte;

/** Kept free for `-result` of what a run may store. */
export const resultReserve = 64 * kibibyte;

/** Largest `progress` that is believed. */
export const mostProgressBytes = 256 * kibibyte;

/** Largest `change.patch` that is read. */
export const mostPatchBytes = 128 * kibibyte * kibibyte;

/** Most of `transcript.jsonl` that is compressed at once. */
export const mostChunkText = 8 * kibibyte * kibibyte;

/** Kept free for the patch while the run goes on: as much as one ConfigMap holds, but never more than half. */
export function patchReserve(maxBytes: number): number {
  return Math.min(mostObjectBytes, Math.floor(maxBytes / 2));
}
