import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { errorCode } from "./code.ts";

/** A file that another container wrote is not what it must be: a link, a pipe, a directory, or larger than allowed. */
export class ForeignFileError extends Error {
  readonly path: string;
  readonly rule: "regular" | "size";

  constructor(path: string, rule: "regular" | "size", options?: ErrorOptions) {
    super(`${path}: ${rule === "regular" ? "is not a regular file" : "is larger than allowed"}`, options);
    this.name = "ForeignFileError";
    this.path = path;
    this.rule = rule;
  }
}

// ELOOP: a symbolic link met O_NOFOLLOW. ENXIO: a socket, or a pipe without a reader.
const notRegular: readonly (string | undefined)[] = ["ELOOP", "ENXIO", "EISDIR"];

/** Reads a file that another container may have written; undefined when there is none. Throws {@link ForeignFileError}. */
export async function readForeign(path: string, maxBytes: number): Promise<Buffer | undefined> {
  return await withForeign(path, async (file) => {
    const { size } = await file.stat();
    if (size > maxBytes) throw new ForeignFileError(path, "size");
    // One byte more than allowed, so that a file that grows meanwhile is noticed.
    const bytes = await readAt(file, 0, Math.min(size, maxBytes) + 1);
    if (bytes.length > maxBytes) throw new ForeignFileError(path, "size");
    return bytes;
  });
}

/** At most `length` bytes from `offset` of such a file; fewer at its end, undefined when there is none. */
export async function readForeignAt(path: string, offset: number, length: number): Promise<Buffer | undefined> {
  return await withForeign(path, async (file) => await readAt(file, offset, length));
}

/** Size in bytes of such a file; undefined when there is none. */
export async function foreignSize(path: string): Promise<number | undefined> {
  return await withForeign(path, async (file) => (await file.stat()).size);
}

async function withForeign<T>(path: string, read: (file: FileHandle) => Promise<T>): Promise<T | undefined> {
  const file = await openForeign(path);
  if (file === undefined) return undefined;
  try {
    if (!(await file.stat()).isFile()) throw new ForeignFileError(path, "regular");
    return await read(file);
  } finally {
    await file.close();
  }
}

async function openForeign(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT") return undefined;
    if (notRegular.includes(code)) throw new ForeignFileError(path, "regular", { cause: error });
    throw error;
  }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
