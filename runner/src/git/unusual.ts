import type { TreeEntry } from "./tree.ts";

/** What lies at a path now, its parts in latin1 characters; no entry: no file. */
export interface EntryChange {
  readonly parts: readonly string[];
  readonly entry: TreeEntry | undefined;
}

/** A change that only git itself should make a patch of. */
export class UnusualChange extends Error {}

/**
 * Paths at which git looks twice: its own files, since those that name what is ignored decide over other paths too, what some file system
 * takes for `.git`, and separators of other systems.
 */
export function isUnusualPath(path: string): boolean {
  if (/[\\\0]|git~/i.test(path)) return true;
  const parts = path.split("/").map((part) => part.replace(/[^\x21-\x7e]/g, "").toLowerCase());
  return path === "" || parts.some((part) => part.startsWith(".git") && part !== ".github");
}
