import { createHash, randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflate } from "node:zlib";

export interface ObjectFolder {
  readonly gitDir: string;
  /** Bytes of an object's name: 20 where git uses SHA-1, 32 where it uses SHA-256. */
  readonly oidBytes: number;
}

/** Writes an object as `git hash-object -w` does, without a process, and gives its name. Not synced, as git itself does not sync them. */
export async function writeObject({ gitDir, oidBytes }: ObjectFolder, type: "blob" | "tree", content: Uint8Array): Promise<string> {
  const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const oid = createHash(oidBytes === 20 ? "sha1" : "sha256")
    .update(whole)
    .digest("hex");
  const folder = join(gitDir, "objects", oid.slice(0, 2));
  await mkdir(folder, { recursive: true });
  const made = join(folder, `tmp_obj_${randomUUID()}`);
  try {
    await writeFile(made, await promisify(deflate)(whole, { level: 1 }), { mode: 0o444, flag: "wx" });
    await rename(made, join(folder, oid.slice(2)));
  } catch (error) {
    await rm(made, { force: true });
    throw error;
  }
  return oid;
}
