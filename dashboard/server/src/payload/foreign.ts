import { constants, open, realpath } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../http/refusal.ts";

/** A pod's folder and one of the recorder's two files in it. */
const claimFile = /^([a-z0-9][-a-z0-9.]{0,252})\/(change\.patch\.gz|transcript\.jsonl\.gz)$/;

/** Reads a file that a pod wrote to a claim: a regular file in that pod's own folder, never through a link, at most `most` bytes. Undefined when it is not there. */
export async function readOnClaim(directory: string, path: string, most: number): Promise<Buffer | undefined> {
  const [, pod, name] = claimFile.exec(path) ?? [];
  if (pod === undefined || name === undefined || pod.includes(".."))
    throw new Refusal("Gone", "The stored name of this file is none of the recorder's.");
  try {
    const root = await realpath(directory);
    if ((await realpath(join(root, pod))) !== join(root, pod)) throw unreadable();
    return await readRegular(join(root, pod, name), most);
  } catch (error) {
    const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return undefined;
    throw code === "ELOOP" ? unreadable() : error;
  }
}

async function readRegular(path: string, most: number): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw unreadable();
    if (stat.size > most) throw new Refusal("TooLarge", "The stored file is too large to be shown.");
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function unreadable(): Refusal {
  return new Refusal("Gone", "What lies at the stored place is no plain file.");
}
