import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { Resource } from "../kinds/resource.ts";
import { entryOf } from "./entry.ts";
import type { Change } from "./entry.ts";
import { JournalError } from "./journal.ts";
import { readLine } from "./journal-line.ts";
import type { JournalLine } from "./journal-line.ts";
import type { Store } from "./store.ts";

interface RawLine {
  readonly text: string;
  /** Offset of the first byte after the line. */
  readonly end: number;
}

/** Whole lines only; what follows the last newline is left out. */
async function* linesOf(path: string): AsyncGenerator<RawLine> {
  let rest = Buffer.alloc(0);
  let offset = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    let bytes = Buffer.concat([rest, Buffer.from(chunk)]);
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10)) {
      offset += at + 1;
      yield { text: bytes.toString("utf8", 0, at), end: offset };
      bytes = bytes.subarray(at + 1);
    }
    rest = bytes;
  }
}

export type FindResource = (storage: string) => Resource | undefined;

/**
 * Reads a journal into an empty store. A half-written end, which nobody was told of, is cut off.
 * Throws a JournalError when anything before the end is damaged.
 */
export async function restore(path: string, store: Store, find: FindResource): Promise<{ readonly droppedBytes: number }> {
  if (!(await exists(path))) return { droppedBytes: 0 };
  let good = 0;
  let damaged: number | undefined;
  let number = 0;
  for await (const { text, end } of linesOf(path)) {
    number += 1;
    if (damaged !== undefined) throw damage(path, damaged);
    const line = readLine(text);
    if (line === undefined) damaged = number;
    else {
      takeLine(line, store, { find, path, number });
      good = end;
    }
  }
  return { droppedBytes: await cutAfter(path, good) };
}

async function exists(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined;
}

function damage(path: string, number: number): JournalError {
  return new JournalError(`${path} is damaged in line ${number}: move the folder away to start anew, or restore it from a copy`);
}

interface Place {
  readonly find: FindResource;
  readonly path: string;
  readonly number: number;
}

function takeLine(line: JournalLine, store: Store, { find, path, number }: Place): void {
  if (line.op === "head") {
    store.restartAt(line.version);
    return;
  }
  const resource = find(line.storage);
  if (resource === undefined)
    throw new JournalError(`${path} line ${number} has an object of ${line.storage}, which this version does not serve`);
  const entry = entryOf(resource, line.object);
  if (line.op === "load") store.load(entry);
  // Changes that a compacted file begins with already are written after it once more.
  else if (entry.version === store.version + 1) store.restore(changeOf(line.op, entry, store));
  else if (entry.version > store.version) throw damage(path, number);
}

function changeOf(op: "put" | "delete", entry: Change["entry"], store: Store): Change {
  const previous = store.get(entry.storage, entry.namespace, entry.name);
  const type = op === "delete" ? "DELETED" : previous === undefined ? "ADDED" : "MODIFIED";
  return { type, version: entry.version, entry, previous };
}

/** Cuts a file after its last good byte, so that the next line begins on its own. Returns the number of bytes cut off. */
async function cutAfter(path: string, good: number): Promise<number> {
  const handle = await open(path, "r+");
  try {
    const { size } = await handle.stat();
    if (size === good) return 0;
    await handle.truncate(good);
    await handle.datasync();
    return size - good;
  } finally {
    await handle.close();
  }
}
