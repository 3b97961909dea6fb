import { withCRLF, withLF } from "./text.ts";

/** Where an edit goes, in characters of the text, and what is written there. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export type Match =
  | { readonly kind: "found"; readonly replacements: readonly Replacement[]; readonly how: "exact" | "whitespace" }
  /** Line numbers, counted from 1, where each one begins. */
  | { readonly kind: "many"; readonly lines: readonly number[] }
  | { readonly kind: "none" };

export interface Edit {
  readonly oldText: string;
  readonly newText: string;
  readonly replaceAll: boolean;
  /** The file's lines all end with CR LF. */
  readonly crlf: boolean;
}

/** Finds what an edit means: exactly, then with the file's own line endings, then a unique place that differs in white space only. Never fuzzily. */
export function findEdit(text: string, edit: Edit): Match {
  for (const { oldText, newText } of spellings(edit)) {
    const starts = occurrences(text, oldText);
    if (starts.length > 1 && !edit.replaceAll) return { kind: "many", lines: starts.map((start) => lineAt(text, start)) };
    const replacements = starts.map((start) => ({ start, end: start + oldText.length, text: newText }));
    if (replacements.length > 0) return { kind: "found", replacements, how: "exact" };
  }
  return findByLines(text, edit);
}

/** The edit as it was said, then with either kind of line ending; new lines get the ending of those that they replace. */
function spellings({ oldText, newText, crlf }: Edit): readonly { readonly oldText: string; readonly newText: string }[] {
  return [
    { oldText, newText: crlf ? withCRLF(newText) : newText },
    { oldText: withCRLF(oldText), newText: withCRLF(newText) },
    { oldText: withLF(oldText), newText: withLF(newText) },
  ];
}

/** Puts replacements, in order and not overlapping, into a text. */
export function applyReplacements(text: string, replacements: readonly Replacement[]): string {
  let done = 0;
  const parts: string[] = [];
  for (const { start, end, text: inserted } of replacements) {
    parts.push(text.slice(done, start), inserted);
    done = end;
  }
  return [...parts, text.slice(done)].join("");
}

/** Line number, counted from 1, of a position. */
export function lineAt(text: string, position: number): number {
  let line = 1;
  for (let next = text.indexOf("\n"); next !== -1 && next < position; next = text.indexOf("\n", next + 1)) line += 1;
  return line;
}

function occurrences(text: string, wanted: string): readonly number[] {
  const starts: number[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) starts.push(at);
  return starts;
}

interface Line {
  readonly text: string;
  readonly start: number;
  /** Behind the last character, before the line's ending. */
  readonly end: number;
}

function findByLines(text: string, edit: Edit): Match {
  const wanted = trimBlank(edit.oldText.split(/\r?\n/));
  if (wanted.length === 0) return { kind: "none" };
  const lines = positioned(text);
  const squeezed = lines.map((line) => squeeze(line.text));
  const wantedSqueezed = wanted.map(squeeze);
  const starts = lines.flatMap((_, at) => (wantedSqueezed.every((line, index) => squeezed[at + index] === line) ? [at] : []));
  if (starts.length > 1) return { kind: "many", lines: starts.map((start) => start + 1) };
  const [at] = starts;
  if (at === undefined) return { kind: "none" };
  const place = lines.slice(at, at + wanted.length);
  const shift = shiftOf(
    wanted,
    place.map((line) => line.text),
  );
  const [first, last] = [place[0], place.at(-1)];
  if (shift === undefined || first === undefined || last === undefined) return { kind: "none" };
  const newLines = trimBlank(edit.newText.split(/\r?\n/)).map((line) => indent(line, shift));
  return {
    kind: "found",
    replacements: [{ start: first.start, end: last.end, text: newLines.join(edit.crlf ? "\r\n" : "\n") }],
    how: "whitespace",
  };
}

function positioned(text: string): readonly Line[] {
  let start = 0;
  return text.split("\n").map((whole) => {
    const line = whole.endsWith("\r") ? whole.slice(0, -1) : whole;
    const place = { text: line, start, end: start + line.length };
    start += whole.length + 1;
    return place;
  });
}

function trimBlank(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  const last = lines.findLastIndex((line) => line.trim() !== "");
  return first === -1 ? [] : lines.slice(first, last + 1);
}

function squeeze(line: string): string {
  return line.trim().replace(/\s+/g, " ");
}

interface Shift {
  readonly remove: string;
  readonly add: string;
}

/** How the file's indentation differs from the model's, when it does so in one way on every line; otherwise new lines could not be indented safely. */
function shiftOf(wanted: readonly string[], actual: readonly string[]): Shift | undefined {
  const pairs = wanted.flatMap((line, index) => (line.trim() === "" ? [] : [[leading(line), leading(actual[index] ?? "")] as const]));
  const [first] = pairs;
  if (first === undefined) return undefined;
  const shift = shiftBetween(...first);
  if (shift === undefined) return undefined;
  return pairs.every(([from, to]) => from.startsWith(shift.remove) && shift.add + from.slice(shift.remove.length) === to)
    ? shift
    : undefined;
}

function shiftBetween(from: string, to: string): Shift | undefined {
  if (to.endsWith(from)) return { remove: "", add: to.slice(0, to.length - from.length) };
  if (from.endsWith(to)) return { remove: from.slice(0, from.length - to.length), add: "" };
  return undefined;
}

function leading(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}

function indent(line: string, shift: Shift): string {
  if (line.trim() === "") return line;
  return shift.add + (line.startsWith(shift.remove) ? line.slice(shift.remove.length) : line);
}
