import type { ChangeData, HunkData } from "react-diff-view";
import { expect, it } from "vitest";
import { piecesOf } from "./pieces.ts";

const normal = (line: number): ChangeData => ({ type: "normal", isNormal: true, content: "", oldLineNumber: line, newLineNumber: line });
const inserted = (line: number): ChangeData => ({ type: "insert", isInsert: true, content: "", lineNumber: line });
const hunk = (content: string, changes: ChangeData[]): HunkData => ({
  content,
  oldStart: 1,
  newStart: 1,
  oldLines: 1,
  newLines: 1,
  changes,
});
const many = (count: number, make: (line: number) => ChangeData): ChangeData[] => Array.from({ length: count }, (_, line) => make(line));

it("keeps every line once, in order, and each hunk's head once", () => {
  const hunks = [hunk("@@ a", many(7, normal)), hunk("@@ b", many(2000, inserted)), hunk("@@ c", many(400, normal))];
  const parts = piecesOf(hunks).flatMap((piece) => piece.parts);
  expect(parts.flatMap((part) => part.hunk.changes)).toEqual(hunks.flatMap(({ changes }) => changes));
  expect(parts.filter(({ isContinued }) => !isContinued).map((part) => part.hunk.content)).toEqual(["@@ a", "@@ b", "@@ c"]);
});

it("draws a short file at once and a long one in pieces of a few screens", () => {
  expect(piecesOf([hunk("@@", many(70, inserted))])).toHaveLength(1);
  const pieces = piecesOf([hunk("@@", many(10_000, inserted))]);
  expect(pieces.length).toBeGreaterThan(30);
  expect(Math.max(...pieces.map(({ lines }) => lines))).toBeLessThanOrEqual(160);
  expect(piecesOf([])).toEqual([]);
});

it("does not cut between what was replaced and what replaced it", () => {
  const removed = (line: number): ChangeData => ({ type: "delete", isDelete: true, content: "", lineNumber: line });
  const changes = [...many(70, normal), ...many(20, removed), ...many(20, inserted), ...many(140, normal)];
  const [first] = piecesOf([hunk("@@", changes)]);
  expect(first?.lines).toBe(110);
});
