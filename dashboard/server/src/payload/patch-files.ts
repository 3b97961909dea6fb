import type { PatchFile } from "@codybatch/dashboard-contract";
import { isGenerated, sidePath, unquotePath } from "./patch-path.ts";

/** A file's part while its lines are read. */
interface Part {
  readonly offset: number;
  readonly header: string;
  before: string | undefined;
  after: string | undefined;
  renamedFrom: string | undefined;
  change: PatchFile["change"];
  additions: number;
  deletions: number;
  binary: boolean;
}

/** Lines of both sides that the hunk still holds. */
interface Hunk {
  old: number;
  new: number;
}

const newline = 10;
const [plus, minus, backslash] = [43, 45, 92];

/** Files of a git patch and the bytes that each takes, in order. Inside a hunk nothing is read as a header, for its lines are a repository's own. */
export function patchFiles(patch: Buffer): readonly PatchFile[] {
  const files: PatchFile[] = [];
  let part: Part | undefined;
  const hunk: Hunk = { old: 0, new: 0 };
  for (let start = 0, end = 0; start < patch.length; start = end) {
    end = patch.indexOf(newline, start) + 1 || patch.length;
    if (part !== undefined && (hunk.old > 0 || hunk.new > 0)) {
      count(part, hunk, patch[start]);
      continue;
    }
    const line = headerLine(patch.subarray(start, end));
    if (!line.startsWith(fileMark)) {
      if (part !== undefined) readHeader(part, hunk, line);
      continue;
    }
    if (part !== undefined) files.push(fileOf(part, start));
    part = opened(start, line);
  }
  return part === undefined ? files : [...files, fileOf(part, patch.length)];
}

const fileMark = "diff --git ";

function headerLine(line: Buffer): string {
  return line
    .subarray(0, 8192)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}

function opened(offset: number, header: string): Part {
  return {
    offset,
    header,
    before: undefined,
    after: undefined,
    renamedFrom: undefined,
    change: "modified",
    additions: 0,
    deletions: 0,
    binary: false,
  };
}

function count(part: Part, hunk: Hunk, first: number | undefined): void {
  if (first === backslash) return;
  if (first !== plus) hunk.old -= 1;
  if (first !== minus) hunk.new -= 1;
  if (first === plus) part.additions += 1;
  if (first === minus) part.deletions += 1;
}

function readHeader(part: Part, hunk: Hunk, line: string): void {
  const range = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
  if (range !== null) [hunk.old, hunk.new] = [Number(range[1] ?? 1), Number(range[2] ?? 1)];
  else for (const [start, read] of Object.entries(headers)) if (line.startsWith(start)) read(part, line.slice(start.length));
}

const headers: Readonly<Record<string, (part: Part, rest: string) => void>> = {
  "new file mode ": (part) => (part.change = "added"),
  "deleted file mode ": (part) => (part.change = "deleted"),
  "rename from ": (part, path) => ([part.change, part.renamedFrom] = ["renamed", unquotePath(path)]),
  "rename to ": (part, path) => (part.after = unquotePath(path)),
  "--- ": (part, path) => (part.before = sidePath(path)),
  "+++ ": (part, path) => (part.after = sidePath(path) ?? part.after),
  "GIT binary patch": (part) => (part.binary = true),
  "Binary files ": (part) => (part.binary = true),
};

function fileOf({ offset, header, before, after, renamedFrom, change, additions, deletions, binary }: Part, end: number): PatchFile {
  const path = after ?? before ?? headerPath(header);
  const from = renamedFrom === undefined ? {} : { from: renamedFrom };
  return { path, ...from, change, additions, deletions, offset, bytes: end - offset, binary, generated: isGenerated(path) };
}

/** An empty file or a change of mode has no other line with its path: both halves are the same. */
function headerPath(header: string): string {
  const names = header.slice(fileMark.length);
  return sidePath(names.slice(Math.ceil(names.length / 2))) ?? names;
}
