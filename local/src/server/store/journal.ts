import type { Change } from "./entry.ts";

/** Where changes become durable. */
export interface Journal {
  /** Takes a change; `announce` is called, in order, when it is safe. Throws when the journal is broken. */
  append(change: Change, announce: () => void): void;
  /** Resolves when everything appended so far is safe. */
  durable(): Promise<void>;
  close(): Promise<void>;
}

/** The journal can no longer be written or read; what it acknowledged before is safe. */
export class JournalError extends Error {
  override name = "JournalError";
}

/** For servers without a folder: everything is safe at once, until the process ends. */
export const memoryJournal: Journal = {
  append: (_change, announce) => {
    announce();
  },
  durable: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
