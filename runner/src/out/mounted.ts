import { readFile } from "node:fs/promises";
import { errorCode } from "./code.ts";

/**
 * Text of a file that the kubelet mounted read-only (input, Secret, token); undefined when there is none.
 * Those are symbolic links by design, so they are followed, unlike what another container wrote.
 */
export async function readMounted(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
