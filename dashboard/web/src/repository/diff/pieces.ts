import type { ChangeData, HunkData } from "react-diff-view";

/** A hunk, or a part of one. */
interface Part {
  readonly hunk: HunkData;
  /** Its head stands above an earlier part. */
  readonly isContinued: boolean;
}

/** Lines that are drawn at once. */
export interface Piece {
  readonly parts: readonly Part[];
  readonly lines: number;
}

/** Two screens. */
const usual = 80;

/** The hunks of a file in pieces, so that a long file is drawn bit by bit. A cut keeps what was replaced beside what replaced it, where that is short. */
export function piecesOf(hunks: readonly HunkData[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let [parts, lines]: [Part[], number] = [[], 0];
  const settle = (): void => {
    if (parts.length > 0) pieces.push({ parts, lines });
    [parts, lines] = [[], 0];
  };
  for (const hunk of hunks) {
    for (let from = 0; from < hunk.changes.length;) {
      const to = cutAfter(hunk.changes, from + usual - lines);
      parts.push({
        hunk: to - from === hunk.changes.length ? hunk : { ...hunk, changes: hunk.changes.slice(from, to) },
        isContinued: from > 0,
      });
      lines += to - from;
      from = to;
      if (lines >= usual) settle();
    }
  }
  settle();
  return pieces;
}

function cutAfter(changes: readonly ChangeData[], wanted: number): number {
  const last = Math.min(changes.length, wanted + usual);
  for (let place = wanted; place < last; place += 1) if (changes[place]?.type === "normal") return place;
  return Math.min(changes.length, last);
}
