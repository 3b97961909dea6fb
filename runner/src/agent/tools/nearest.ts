import { linesOf, numbered } from "./lines.ts";

const mostLinesCompared = 20_000;
const around = 3;

/** The part of a text that is most like what was looked for, numbered, to show in an error. */
export function nearest(text: string, wanted: string): string | undefined {
  const sought = linesOf(wanted).find((line) => line.trim() !== "");
  if (sought === undefined) return undefined;
  const lines = linesOf(text);
  const pairs = pairsOf(sought);
  let best = { index: -1, score: 0.4 };
  for (const [index, line] of lines.slice(0, mostLinesCompared).entries()) {
    const score = likeness(pairs, pairsOf(line));
    if (score > best.score) best = { index, score };
  }
  if (best.index === -1) return undefined;
  const first = Math.max(0, best.index - around);
  return numbered(lines.slice(first, best.index + around + linesOf(wanted).length), first + 1);
}

function pairsOf(line: string): ReadonlySet<string> {
  const plain = line.trim().slice(0, 500);
  return new Set(Array.from({ length: Math.max(0, plain.length - 1) }, (_, index) => plain.slice(index, index + 2)));
}

/** Dice coefficient of two sets, 0 to 1. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size + b.size === 0) return 0;
  let shared = 0;
  for (const pair of a) if (b.has(pair)) shared += 1;
  return (2 * shared) / (a.size + b.size);
}
