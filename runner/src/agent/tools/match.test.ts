import { describe, expect, it } from "vitest";
import { applyReplacements, findEdit } from "./match.ts";

function edit(
  text: string,
  oldText: string,
  newText: string,
  options: { readonly replaceAll?: boolean; readonly crlf?: boolean } = {},
): unknown {
  const match = findEdit(text, { oldText, newText, replaceAll: options.replaceAll ?? false, crlf: options.crlf ?? false });
  return match.kind === "found" ? applyReplacements(text, match.replacements) : match;
}

describe("an edit", () => {
  it.each([
    ["in the middle of a line", "let a = 1;\n", "1", "2", "let a = 2;\n"],
    ["over lines", "a\nb\nc\n", "a\nb", "x", "x\nc\n"],
    ["that deletes", "a\nb\n", "b\n", "", "a\n"],
    ["with $ and \\ in its new text", "a", "a", "$& $1 \\n", "$& $1 \\n"],
    ["where old_text is the whole file", "a\n", "a\n", "b\n", "b\n"],
    ["with only other spaces between words", "if (a  &&\tb) {}\n", "if (a && b) {}", "if (c) {}", "if (c) {}\n"],
    ["with spaces at line ends", "a  \nb\n", "a\nb\n", "x\ny\n", "x\ny\n"],
    [
      "indented less than the file",
      "class A {\n    f() {\n      go();\n    }\n}\n",
      "f() {\n  go();\n}",
      "g() {\n  stop();\n\n  go();\n}",
      "class A {\n    g() {\n      stop();\n\n      go();\n    }\n}\n",
    ],
    ["indented more than the file", "if x:\n  y()\n", "    if x:\n      y()", "    if z:\n      y()", "if z:\n  y()\n"],
    ["indented with spaces where the file has tabs", "a {\n\tb\n}\n", "  b", "  c", { kind: "none" }],
  ])("%s", (...[, text, oldText, newText, expected]) => {
    expect(edit(text, oldText, newText)).toEqual(expected);
  });

  it.each([
    ["that is not there", "a\nb\n", "c", { kind: "none" }],
    ["that is almost there", "return value + 1;\n", "return value + 2;", { kind: "none" }],
    ["that is there twice", "a\nb\na\n", "a", { kind: "many", lines: [1, 3] }],
    ["that is there twice but for white space", "x  y\nb\nx\ty\n", "x y", { kind: "many", lines: [1, 3] }],
    ["of white space only", "a\n\n\nb\n", " \t \n", { kind: "none" }],
    ["whose lines are indented in two ways", "  a\n\tb\n", "a\nb", { kind: "none" }],
  ])("is refused for text %s", (_, text, oldText, expected) => {
    expect(edit(text, oldText, "new")).toEqual(expected);
  });

  it("replaces all places at once, also where the new text holds the old one", () => {
    expect(edit("aXaXa", "a", "aa", { replaceAll: true })).toBe("aaXaaXaa");
  });

  it("prefers one exact place to others that differ in white space", () => {
    expect(edit("a  b\na b\n", "a b", "c")).toBe("a  b\nc\n");
  });

  it.each([
    ["old and new with \\n", "a\r\nb\r\nc\r\n", "a\nb", "x\ny\nz", "x\r\ny\r\nz\r\nc\r\n"],
    ["old on one line, new on two", "a\r\nb\r\n", "b", "x\ny", "a\r\nx\r\ny\r\n"],
    ["old and new with \\r\\n", "a\r\nb\r\n", "a\r\nb", "x\r\ny", "x\r\ny\r\n"],
    ["white space that differs", "  a\r\n  b\r\n", "a\nb", "x\ny", "  x\r\n  y\r\n"],
  ])("keeps CR LF: %s", (...[, text, oldText, newText, expected]) => {
    expect(edit(text, oldText, newText, { crlf: true })).toBe(expected);
  });

  it.each([
    ["CR LF part", "a\nb\r\nc\r\nd\n", "b\nc", "x\ny", "a\nx\r\ny\r\nd\n"],
    ["LF part", "a\nb\r\nc\nd\n", "c\nd", "x\ny", "a\nb\r\nx\ny\n"],
  ])("keeps mixed endings where it does not touch them: %s", (...[, text, oldText, newText, expected]) => {
    expect(edit(text, oldText, newText)).toBe(expected);
  });

  it("takes old text with CR LF for a file with LF, and keeps LF", () => {
    expect(edit("a\nb\n", "a\r\nb", "x\r\ny")).toBe("x\ny\n");
  });
});
