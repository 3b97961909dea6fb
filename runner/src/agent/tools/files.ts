import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { type Place, quote } from "./confine.ts";
import { ToolError } from "./tool.ts";

/** Largest file that the tools open. */
const largestRead = 10 * 1024 * 1024;
/** Largest file that the tools write. */
const largestWrite = 1024 * 1024;

/** The bytes of a regular file. Opened without following a link and without waiting on a pipe. */
export async function readPlace(place: Place): Promise<Buffer> {
  if (place.entry === undefined)
    throw new ToolError(`${quote(place.relative)} does not exist. Use list_files or search_code to find the path.`);
  if (place.entry === "directory") throw new ToolError(`${quote(place.relative)} is a directory. Use list_files.`);
  await using file = await open(place.absolute, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stat = await file.stat();
  if (!stat.isFile()) throw new ToolError(`${quote(place.relative)} is not a regular file.`);
  if (stat.size > largestRead) {
    throw new ToolError(`${quote(place.relative)} has ${stat.size} bytes; at most ${largestRead} are read. Use search_code with its path.`);
  }
  return file.readFile();
}

/** Writes a whole file, new or existing, keeping an existing one's mode, and notes its path as touched. */
export async function writePlace(place: Place, bytes: Uint8Array, touched: Set<string>): Promise<void> {
  if (place.entry === "directory") throw new ToolError(`${quote(place.relative)} is a directory.`);
  if (bytes.byteLength > largestWrite) {
    throw new ToolError(
      `The file would have ${bytes.byteLength} bytes; at most ${largestWrite} are written. Make it smaller or use edit_file on parts.`,
    );
  }
  touched.add(place.relative);
  if (place.entry === undefined) await mkdir(dirname(place.absolute), { recursive: true });
  const how = place.entry === undefined ? constants.O_CREAT | constants.O_EXCL : constants.O_TRUNC;
  await using file = await open(place.absolute, constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | how, 0o644);
  await file.writeFile(bytes);
}

/** What of each file the model has seen, so that it never edits what it does not know. */
export class Seen {
  readonly #hashes = new Map<string, string>();

  note(path: string, bytes: Uint8Array): void {
    this.#hashes.set(path, hashOf(bytes));
  }

  forget(path: string): void {
    this.#hashes.delete(path);
  }

  move(from: string, to: string): void {
    const hash = this.#hashes.get(from);
    if (hash !== undefined) this.#hashes.set(to, hash);
    this.#hashes.delete(from);
  }

  /** Refuses a change to a file that was never read, or that is no longer what was read. */
  demand(path: string, bytes: Uint8Array): void {
    const known = this.#hashes.get(path);
    if (known === undefined) throw new ToolError(`Read ${quote(path)} with read_file before changing it.`);
    if (known !== hashOf(bytes)) throw new ToolError(`${quote(path)} changed since you read it. Read it again.`);
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
