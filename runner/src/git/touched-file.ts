import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { errorCode } from "../out/index.ts";
import { UnusualChange } from "./unusual.ts";

/** Larger files are git's. */
const mostBytes = 16 * 1024 * 1024;

interface TouchedFile {
  readonly content: Buffer;
  readonly executable: boolean;
}

/** The file at a path now, without following a link; undefined where there is no file. Throws {@link UnusualChange}. */
export async function readTouched(path: string): Promise<TouchedFile | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (stat.isDirectory()) return undefined;
    if (!stat.isFile() || stat.size > mostBytes) throw new UnusualChange("not a regular file, or a large one");
    return { content: await file.readFile(), executable: (stat.mode & 0o100) !== 0 };
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
