import { open } from "node:fs/promises";
import { join } from "node:path";
import { claimRef, recordKey } from "@codybatch/crds";
import { writeAtomic } from "../out/index.ts";
import { mostChunkText } from "./limit.ts";
import type { Memory } from "./state.ts";
import type { ChunkKeeper } from "./transcript.ts";

/** The whole transcript as one file in the pod's folder on the claim. Appends each chunk to one file: gzip members in a row are one gzip file. */
export function claimKeeper(directory: string, pod: string, memory: Memory): ChunkKeeper {
  return {
    mostBytes: mostChunkText,
    ref: () => claimRef(pod, recordKey.transcriptGz),
    keep: async (chunk, gz) => {
      const before = memory.state.chunks.filter(({ stored, from }) => stored && from < chunk.from);
      const offset = before.reduce((sum, { bytes }) => sum + bytes, 0);
      await writeAt(join(directory, recordKey.transcriptGz), offset, gz);
      return undefined;
    },
  };
}

export async function keepPatchOnClaim(directory: string, gz: Buffer): Promise<void> {
  await writeAtomic(join(directory, recordKey.patchGz), gz);
}

/** What stands behind `offset` was written by a life that did not remember it. */
async function writeAt(path: string, offset: number, bytes: Buffer): Promise<void> {
  const file = await open(path, offset === 0 ? "w" : "r+");
  try {
    await file.truncate(offset);
    await file.write(bytes, 0, bytes.length, offset);
    await file.sync();
  } finally {
    await file.close();
  }
}
