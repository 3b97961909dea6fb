import { chmod, mkdir } from "node:fs/promises";
import { FileJournal } from "./file-journal.ts";
import type { JournalError } from "./journal.ts";
import { lockFolder } from "./lock.ts";
import { restore } from "./restore.ts";
import type { FindResource } from "./restore.ts";
import type { Store } from "./store.ts";

export interface FolderOptions {
  readonly dir: string;
  readonly find: FindResource;
  readonly compactAbove: number;
  readonly onFailure: (error: JournalError) => void;
}

export interface OpenFolder {
  /** Bytes of a half-written last line that were cut off. */
  readonly droppedBytes: number;
  close(): Promise<void>;
}

/** Fills a store from a folder and makes it durable there. Throws FolderInUseError or JournalError. */
export async function openFolder(store: Store, { dir, find, compactAbove, onFailure }: FolderOptions): Promise<OpenFolder> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await chmod(dir, 0o700);
  const unlock = await lockFolder(dir);
  const path = `${dir}/journal.jsonl`;
  try {
    const { droppedBytes } = await restore(path, store, find);
    const contents = () => ({ version: store.version, entries: store.everything() });
    const journal = await FileJournal.open({ path, contents, compactAbove, onFailure });
    store.useJournal(journal);
    return { droppedBytes, close: () => journal.close().finally(unlock) };
  } catch (error) {
    await unlock();
    throw error;
  }
}
