import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

/** Replaces a file as a whole: a reader, or a crash at any moment, sees the old bytes or the new ones. */
export async function writeAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeDurably(temporary, data, "wx");
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** A file that lines are added to, open until it is disposed of. A process that is killed leaves every line that was added, a machine that dies those before the last sync. */
export class Lines {
  readonly #path: string;
  #file: FileHandle | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** One at a time; `line` is given without its newline. */
  async add(line: string): Promise<void> {
    this.#file ??= await open(this.#path, "a", 0o644);
    await this.#file.writeFile(`${line}\n`);
  }

  /** Returns only when all lines are on the disk. */
  async sync(): Promise<void> {
    await this.#file?.datasync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
  }
}

/** Adds one line and returns only when it is on the disk. `line` is given without its newline. */
export async function appendDurably(path: string, line: string): Promise<void> {
  await writeDurably(path, `${line}\n`, "a");
}

async function writeDurably(path: string, data: string | Uint8Array, flags: string): Promise<void> {
  const file = await open(path, flags, 0o644);
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
