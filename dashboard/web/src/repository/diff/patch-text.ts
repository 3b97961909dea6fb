import { type FileData, type HunkData, parseDiff } from "react-diff-view";
import { shortened, visible } from "../../text/visible.ts";

const longest = 2000;

/** The hunks of one file's part of a patch. Hostile characters are made visible, very long lines cut. */
export function hunksOf(text: string): HunkData[] {
  const lines = text.split("\n").map((line) => shortened(visible(line), longest));
  const files: readonly FileData[] = parseDiff(lines.join("\n"));
  return files.flatMap(({ hunks }) => hunks);
}

/** How many lines of a file's part were cut. */
export function cutLines(text: string): number {
  return text.split("\n").filter((line) => line.length > longest).length;
}
