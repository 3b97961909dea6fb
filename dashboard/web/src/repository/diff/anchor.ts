import type { ChangeData } from "react-diff-view";

/** `L12` for a line of the old file that is gone, else `R12`. */
export function anchorOf(change: ChangeData): string {
  if (change.type === "delete") return `L${change.lineNumber}`;
  return `R${change.type === "insert" ? change.lineNumber : change.newLineNumber}`;
}

/** The address of a line, from the address of the page that shows it. */
export function lineAddress(search: string, path: string, anchor: string): string {
  const query = new URLSearchParams(search);
  query.set("file", path);
  return `?${query.toString()}#${anchor}`;
}
