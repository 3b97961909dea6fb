import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { patchDigest, type PublishInput } from "@codybatch/crds";
import { Refused } from "./fault.ts";

const mostPatchBytes = 128 * 1024 * 1024;

/** The approved patch: exactly the bytes whose digest the input names. Throws {@link Refused}. */
export async function approvedPatch({ patch: { baseCommit, digest } }: PublishInput, directory: string): Promise<Buffer> {
  const patch = await unpacked(join(directory, "change.patch.gz"));
  if (patch === undefined) throw mismatch("is missing or cannot be unpacked");
  if (patchDigest(baseCommit, patch) !== digest) throw mismatch("is not the one that was approved");
  return patch;
}

async function unpacked(path: string): Promise<Buffer | undefined> {
  try {
    return await promisify(gunzip)(await readFile(path), { maxOutputLength: mostPatchBytes });
  } catch {
    return undefined;
  }
}

function mismatch(fact: string): Refused {
  return new Refused(
    "PatchMismatch",
    `The stored patch ${fact}; nothing was sent. Look at who may write the ConfigMap that holds it, then run the change again.`,
  );
}
