import { type HunkData, parseDiff } from "react-diff-view";
import { expect, it } from "vitest";
import { withoutWhitespace } from "./whitespace.ts";

function hunkOf(...lines: readonly string[]): HunkData {
  const old = lines.filter((line) => !line.startsWith("+")).length;
  const young = lines.filter((line) => !line.startsWith("-")).length;
  const text = ["diff --git a/f b/f", "index 1..2 100644", "--- a/f", "+++ b/f", `@@ -1,${old} +1,${young} @@`, ...lines].join("\n");
  return parseDiff(text)[0]!.hunks[0]!;
}

const shown = (hunk: HunkData | undefined): readonly string[] | undefined =>
  hunk?.changes.map((change) => `${{ insert: "+", delete: "-", normal: " " }[change.type]}${change.content}`);

it("drops a hunk that only indents", () => {
  expect(withoutWhitespace(hunkOf(" a", "-b", "+  b", " c"))).toBeUndefined();
});

it("keeps what changed beside what was only indented", () => {
  const hunk = withoutWhitespace(hunkOf("-if (x) {", "-y();", "+if (x) {", "+  y();", "+  z();"));
  expect(shown(hunk)).toEqual([" if (x) {", "   y();", "+  z();"]);
  expect(hunk?.changes[1]).toMatchObject({ oldLineNumber: 2, newLineNumber: 2 });
});

it("leaves real changes in their order", () => {
  const lines = ["-a", "-b", "+c", " d", "+e"];
  expect(shown(withoutWhitespace(hunkOf(...lines)))).toEqual(lines);
});

it("manages runs that are too long to pair, without freezing", () => {
  const many = Array.from({ length: 1500 }, (_, index) => index);
  const hunk = withoutWhitespace(hunkOf(...many.map((n) => `-${n}`), ...many.map((n) => `+ ${n === 3 ? "x" : n}`)));
  expect(hunk?.changes.filter(({ type }) => type !== "normal")).toHaveLength(2);
});
