import { expect, it } from "vitest";
import { cutLines, hunksOf } from "./patch-text.ts";

const patch = (line: string): string =>
  ["diff --git a/f b/f", "index 1..2 100644", "--- a/f", "+++ b/f", "@@ -1 +1 @@", "-a", `+${line}`, ""].join("\n");

it("reads a part of a patch", () => {
  expect(hunksOf(patch("b"))[0]?.changes.map(({ type, content }) => [type, content])).toEqual([
    ["delete", "a"],
    ["insert", "b"],
  ]);
});

it("shows what would hide or reorder code", () => {
  expect(hunksOf(patch("x\u202Ey\u001B[31mz"))[0]?.changes[1]?.content).toBe("x‹U+202E›yz");
});

it("cuts a line of megabytes and says that it did", () => {
  const text = patch("x".repeat(5_000_000));
  expect(hunksOf(text)[0]?.changes[1]?.content.length).toBeLessThan(2001);
  expect(cutLines(text)).toBe(1);
});

it("takes a header that names no file for what it is", () => {
  expect(hunksOf("")).toEqual([]);
});
