import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** The kubelet's limit in bytes. */
const limit = 4096;

/** The end of what a container wrote as its last words, or "". The container's process wrote the file: only a regular file counts. */
export async function terminationMessage(path: string): Promise<string> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { size } = await file.stat();
      const isFile = (await file.stat()).isFile();
      const length = Math.min(size, limit);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
      return isFile ? buffer.subarray(0, bytesRead).toString("utf8") : "";
    } finally {
      await file.close();
    }
  } catch {
    return "";
  }
}
