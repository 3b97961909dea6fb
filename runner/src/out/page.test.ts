import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Page, pageOf, textOfPage } from "./page.ts";

const folder = mkdtempSync(join(tmpdir(), "codybatch-page-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a page", () => {
  it("holds the text that was written last, also a shorter one, in one file", async () => {
    const path = join(folder, "progress");
    await using page = new Page(path);
    for (const text of ["first", "a much longer second text, with ü", "3", ""]) {
      await page.write(text);
      expect(textOfPage(readFileSync(path))).toBe(text);
    }
    expect(readdirSync(folder)).toEqual(["progress"]);
  });

  it("is refused at every byte where a write stopped half-way, and read when it is whole", () => {
    const [before, after] = [pageOf('{"turn":1,"cost":111}'), pageOf('{"turn":2,"cost":222}')];
    const states = Array.from(after, (_, done) => Buffer.concat([after.subarray(0, done), before.subarray(done)]));
    const torn = states.filter((state) => !state.equals(before) && !state.equals(after));
    expect(torn.length).toBeGreaterThan(20);
    expect(torn.map(textOfPage)).toEqual(torn.map(() => undefined));
    expect(textOfPage(after)).toBe('{"turn":2,"cost":222}');
  });

  it.each([
    ["", ""],
    ["plain JSON", '{"turn":1}'],
    ["a length beyond the file", "00000000 0000000099\nx"],
    ["a wrong sum", "00000000 0000000001\nx"],
  ])("is none with %s", (_, text) => expect(textOfPage(Buffer.from(text))).toBeUndefined());
});
