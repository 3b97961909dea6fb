import { expect, it } from "vitest";
import { oneLine, shortened, visible } from "./visible.ts";

it.each([
  ["takes terminal colours out", "\u001B[31mred\u001B[0m", "red"],
  ["takes terminal titles out", "a\u001B]0;title\u0007b", "ab"],
  ["names characters that reorder text", "a\u202Eb", "a‹U+202E›b"],
  ["names characters without width", "a\u200Bb\uFEFF", "a‹U+200B›b‹U+FEFF›"],
  ["names tags beyond the first plane", "a\u{E0041}", "a‹U+E0041›"],
  ["names a NUL and a lone escape", "\u0000\u001B", "‹U+0000›‹U+001B›"],
  ["keeps tabs, line ends and emoji", "\ta\r\nb 👩‍🚀", "\ta\nb 👩‍🚀"],
  ["names a carriage return that would overwrite a line", "safe\revil", "safe‹U+000D›evil"],
])("%s", (_what, text, shown) => {
  expect(visible(text)).toBe(shown);
});

it("makes one line of many", () => {
  expect(oneLine(" a\n\n  b\t c ")).toBe("a b c");
});

it("cuts without leaving half a character", () => {
  expect(shortened("abcdef", 4)).toBe("abc…");
  expect(shortened("ab😀cd", 4)).toBe("ab…");
  expect(shortened("abc", 3)).toBe("abc");
});
