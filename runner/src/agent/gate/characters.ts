import { type Finding, quotePath } from "./finding.ts";
import { hiddenIn, nameOf } from "./hidden.ts";
import type { AddedLine, Block, PatchedFile } from "./patch-lines.ts";

/** Characters of added lines that hide or reorder text, and zero bytes. A line that had them already, or moved as it is, is not blamed. */
export function characterFindings(files: readonly PatchedFile[]): readonly Finding[] {
  const gone = new Set(files.flatMap(({ blocks }) => blocks.flatMap(({ removed }) => removed)));
  return files.flatMap((file) => file.blocks.flatMap((block) => blockFindings(file.path, block, gone)));
}

function blockFindings(path: string, { removed, added }: Block, gone: ReadonlySet<string>): readonly Finding[] {
  const had = removed.map((text) => hiddenIn(text)).filter((codePoints) => codePoints.length > 0);
  return added.flatMap((line): readonly Finding[] => {
    const place = { place: quotePath(path), line: line.number };
    if (line.text.includes("\0") && !gone.has(line.text)) return [{ reason: "PatchRefused", ...place, rule: "a binary file" }];
    const has = hiddenOf(line);
    const [first] = has;
    if (first === undefined || gone.has(line.text) || takes(had, has)) return [];
    return [{ reason: "HiddenCharacters", ...place, rule: nameOf(first) }];
  });
}

/** A byte order mark may begin a file. */
function hiddenOf({ number, text }: AddedLine): readonly number[] {
  return hiddenIn(number === 1 ? text.replace(/^\uFEFF/, "") : text);
}

/** Finds a removed line that had all of these, and uses it up: it explains one added line. */
function takes(had: (readonly number[])[], has: readonly number[]): boolean {
  const index = had.findIndex((before) => before.length >= has.length && includesAll(before, has));
  if (index === -1) return false;
  had.splice(index, 1);
  return true;
}

function includesAll(before: readonly number[], has: readonly number[]): boolean {
  const left = new Map<number, number>();
  for (const codePoint of before) left.set(codePoint, (left.get(codePoint) ?? 0) + 1);
  return has.every((codePoint) => {
    const count = left.get(codePoint) ?? 0;
    left.set(codePoint, count - 1);
    return count > 0;
  });
}
