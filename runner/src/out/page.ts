import { randomBytes } from "node:crypto";
import { open, rename } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";

/** Of the first line: eight hex digits of the text's CRC-32, a space, ten digits of its length in bytes, a newline. */
const headBytes = 20;

/**
 * A small text that is replaced often, in place and without waiting for the disk: a third of what a new file costs. A process that is killed leaves
 * it whole, since each write is one call; a reader that meets a write half done sees it by the sum and reads again.
 */
export class Page {
  readonly #path: string;
  #file: FileHandle | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** One at a time. */
  async write(text: string): Promise<void> {
    const bytes = pageOf(text);
    if (this.#file === undefined) this.#file = await this.#begin(bytes);
    else await this.#file.write(bytes, 0, bytes.length, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
  }

  /** The first text appears as a whole, under the file's name. */
  async #begin(bytes: Buffer): Promise<FileHandle> {
    const temporary = `${this.#path}.${randomBytes(6).toString("hex")}.tmp`;
    const file = await open(temporary, "wx", 0o644);
    await file.write(bytes, 0, bytes.length, 0);
    await rename(temporary, this.#path);
    return file;
  }
}

/** The bytes of a page with this text. */
export function pageOf(text: string): Buffer {
  const body = Buffer.from(text);
  const head = `${crc32(body).toString(16).padStart(8, "0")} ${String(body.length).padStart(10, "0")}\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/** The text of a page, whatever is left of longer ones behind it; undefined when it is just being written, or is none. */
export function textOfPage(bytes: Buffer): string | undefined {
  const [, sum, length] = /^([0-9a-f]{8}) ([0-9]{10})\n$/.exec(bytes.subarray(0, headBytes).toString("latin1")) ?? [];
  if (sum === undefined || length === undefined) return undefined;
  const body = bytes.subarray(headBytes, headBytes + Number(length));
  return body.length === Number(length) && crc32(body) === Number.parseInt(sum, 16) ? body.toString("utf8") : undefined;
}
