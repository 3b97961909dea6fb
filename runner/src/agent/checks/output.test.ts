import { describe, expect, it } from "vitest";
import { readable } from "./output.ts";

describe("the output of a check", () => {
  it.each([
    ["colours", "\u001b[1;31mred\u001b[0m", "red"],
    ["a title of the terminal", "\u001b]0;title\u0007text", "text"],
    ["a title that never ends", "a\u001b]0;rest\nFAILED\n", "a\nFAILED\n"],
    ["a carriage return that overwrites", "10%\r20%\r\nend\n", "10%\n20%\nend\n"],
    ["control characters", "a\0b\bc\u007fd\te", "abcd\te"],
    ["characters that reorder", "a\u202eb", "a\\u{202e}b"],
    ["ordinary text", "é 漢 😀\n", "é 漢 😀\n"],
  ])("is shown without %s", (_, written, want) => {
    expect(readable(Buffer.from(written))).toBe(want);
  });

  it("is shown also where it is not UTF-8", () => {
    expect(readable(Buffer.from([0x61, 0xff, 0x62]))).toBe("a\ufffdb");
  });
});
