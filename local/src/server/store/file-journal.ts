import { open, rename } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { Batch } from "./batch.ts";
import type { Change, Entry } from "./entry.ts";
import { JournalError } from "./journal.ts";
import type { Journal } from "./journal.ts";
import { headLine, lineOf, loadLine } from "./journal-line.ts";

interface Contents {
  readonly version: number;
  readonly entries: readonly Entry[];
}

interface FileJournalOptions {
  readonly path: string;
  /** Everything stored at present, for compaction. */
  readonly contents: () => Contents;
  /** Bytes from which on a journal twice as long as after its last compaction is compacted. */
  readonly compactAbove: number;
  readonly onFailure: (error: JournalError) => void;
}

const linesPerWrite = 1000;

/** An append-only file, synchronized before a write is acknowledged. Writes that come while the disk is busy share one synchronization. */
export class FileJournal implements Journal {
  private readonly options: FileJournalOptions;
  private handle: FileHandle;
  private size: number;
  private compactedSize: number;
  private waiting = new Batch();
  private current: Batch | undefined;
  private running: Promise<void> | undefined;
  private failure: JournalError | undefined;

  private constructor(options: FileJournalOptions, handle: FileHandle, size: number) {
    this.options = options;
    this.handle = handle;
    this.size = size;
    this.compactedSize = size;
  }

  /** Opens a file whose lines have been restored, or begins it. */
  static async open(options: FileJournalOptions): Promise<FileJournal> {
    const handle = await open(options.path, "a", 0o600);
    const { size } = await handle.stat();
    const journal = new FileJournal(options, handle, size);
    if (size === 0) await journal.compact();
    return journal;
  }

  append(change: Change, announce: () => void): void {
    if (this.failure !== undefined) throw this.failure;
    this.waiting.add(lineOf(change), announce);
    this.running ??= this.run();
  }

  durable(): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (this.waiting.lines.length > 0) return this.waiting.done;
    return this.current?.done ?? Promise.resolve();
  }

  async close(): Promise<void> {
    await this.running;
    await this.handle.close();
  }

  private async run(): Promise<void> {
    while (this.waiting.lines.length > 0 && this.failure === undefined) {
      this.current = this.waiting;
      this.waiting = new Batch();
      await this.flush(this.current);
    }
    this.current = undefined;
    this.running = undefined;
  }

  private async flush(batch: Batch): Promise<void> {
    try {
      if (this.size > Math.max(this.options.compactAbove, 2 * this.compactedSize)) await this.compact();
      await this.write(batch.lines);
      await this.handle.datasync();
    } catch (error) {
      this.fail(batch, error);
      return;
    }
    batch.succeed();
  }

  private fail(batch: Batch, cause: unknown): void {
    const why = cause instanceof Error ? cause.message : String(cause);
    this.failure = new JournalError(`the journal ${this.options.path} cannot be written: ${why}`, { cause });
    batch.fail(this.failure);
    this.waiting.fail(this.failure);
    this.options.onFailure(this.failure);
  }

  private async write(lines: readonly string[]): Promise<void> {
    const bytes = Buffer.from(lines.join(""));
    await this.handle.appendFile(bytes);
    this.size += bytes.length;
  }

  /** Puts a new file with the present objects in the place of the old one. Changes already in it are skipped when it is read. */
  private async compact(): Promise<void> {
    const { path, contents } = this.options;
    const { version, entries } = contents();
    const next = await open(`${path}.next`, "w", 0o600);
    const old = this.handle;
    this.handle = next;
    this.size = 0;
    await this.write([headLine(version)]);
    for (let index = 0; index < entries.length; index += linesPerWrite) {
      await this.write(entries.slice(index, index + linesPerWrite).map(loadLine));
    }
    await next.datasync();
    await rename(`${path}.next`, path);
    await synchronizeFolder(dirname(path));
    this.compactedSize = this.size;
    await old.close();
  }
}

/** Makes a rename or a new file survive a power cut. */
async function synchronizeFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
