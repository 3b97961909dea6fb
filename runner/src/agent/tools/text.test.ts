import { describe, expect, it } from "vitest";
import { headAndTail } from "./lines.ts";
import { nearest } from "./nearest.ts";
import { decode, encode } from "./text.ts";

describe("a file's bytes", () => {
  it.each([
    ["plain", "a\nb\n", { text: "a\nb\n", bom: false, crlf: false }],
    ["CR LF", "a\r\nb\r\n", { text: "a\r\nb\r\n", bom: false, crlf: true }],
    ["mixed endings", "a\r\nb\n", { text: "a\r\nb\n", bom: false, crlf: false }],
    ["an empty line first, LF", "\na\r\n", { text: "\na\r\n", bom: false, crlf: false }],
    ["a byte order mark", "\uFEFFa\n", { text: "a\n", bom: true, crlf: false }],
    ["empty", "", { text: "", bom: false, crlf: false }],
    ["characters of four bytes", "😀", { text: "😀", bom: false, crlf: false }],
  ])("are text: %s, and come back the same", (_, text, expected) => {
    const bytes = Buffer.from(text);
    const decoded = decode(bytes, "f");
    expect(decoded).toEqual(expected);
    expect(encode(decoded.text, decoded)).toEqual(bytes);
  });

  it.each([
    ["binary", Buffer.from([0x89, 0x50, 0, 1]), /binary/],
    ["UTF-16 with its mark", Buffer.from("\uFEFFab", "utf16le"), /UTF-16/],
    ["UTF-16, big end first", Buffer.from([0xfe, 0xff, 0, 0x61]), /UTF-16/],
    ["Latin-1", Buffer.from([0x63, 0x61, 0x66, 0xe9]), /not valid UTF-8/],
    ["a cut character", Buffer.from([0xe2, 0x82]), /not valid UTF-8/],
    ["an encoded surrogate", Buffer.from([0xed, 0xa0, 0x80]), /not valid UTF-8/],
  ])("are refused by name: %s", (_, bytes, words) => {
    expect(() => decode(bytes, "some/file")).toThrow(words);
    expect(() => decode(bytes, "some/file")).toThrow("some/file");
  });
});

describe("what is shown", () => {
  it("of a long text is head and tail, with the number left out", () => {
    expect(headAndTail("abcdefghij", 4, "Ask.")).toBe("ab\n[6 characters left out. Ask.]\nij");
  });

  it("as nearest is the most similar line with lines around it", () => {
    const text = Array.from({ length: 20 }, (_, index) => `const value${index} = compute(${index});`).join("\n");
    expect(nearest(text, "const value12 = compute(13);")).toContain("    13\tconst value12 = compute(12);");
  });

  it("as nearest is nothing when no line is alike", () => {
    expect(nearest("a\nb\n", "completely different")).toBeUndefined();
  });
});
