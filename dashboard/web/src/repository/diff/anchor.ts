import type { ChangeData } from "react-diff-view";

/** `L12` for a line of the old file that is gone, else `R12`. */
export function anchorOf(change: ChangeData): string {
  if (change.type === "delete") return `L${change.lineNumber}`;
  return `R${change.type === "insert" ? change.lineNumber : change.newLineNumber}`;
}

/** The address of a file, from the address of the page that shows it. A line's has `#` and its anchor behind. */
export function addressOf(search: string, path: string): string {
  const query = new URLSearchParams(search);
  query.set("file", path);
  return `?${query.toString()}`;
}
