import { describe, expect, it } from "vitest";
import { hiddenIn } from "./hidden.ts";

const zwnj = "\u200C";
const zwj = "\u200D";

describe("a joiner is no hidden character", () => {
  it.each([
    ["a family", `👩${zwj}👩${zwj}👧${zwj}👦`],
    ["a profession with a skin tone", `👩🏽${zwj}💻`],
    ["a flag, behind a variation selector", `🏳\uFE0F${zwj}🌈`],
    ["a gender, at its end", `🤷🏻${zwj}♀\uFE0F`],
    ["a Persian word", `می${zwnj}خواهم`],
    ["a Persian word behind a vowel mark", `بهِ${zwnj}تر`],
    ["a Devanagari conjunct", `क्${zwj}ष`],
    ["a Bengali word, before the virama", `র${zwj}্য`],
    ["a Sinhala word", `ශ්${zwj}රී`],
  ])("in %s", (_, text) => {
    expect(hiddenIn(text)).toEqual([]);
  });
});

describe("a joiner is hidden", () => {
  it.each([
    ["between Latin letters", `ab${zwj}c`, [0x200d]],
    ["in a German word", `Auf${zwnj}lage`, [0x200c]],
    ["between an emoji and a letter", `👩${zwj}a`, [0x200d]],
    ["after an emoji at the end", `👩${zwj}`, [0x200d]],
    ["twice within an emoji", `👩${zwj}${zwj}💻`, [0x200d, 0x200d]],
    ["as a ZWNJ within an emoji", `👩${zwnj}💻`, [0x200c]],
    ["behind two variation selectors", `🏳\uFE0F\uFE0F${zwj}🌈`, [0x200d]],
    ["between digits", `1${zwj}2`, [0x200d]],
    ["twice within a Persian word", `می${zwnj}${zwnj}خواهم`, [0x200c, 0x200c]],
    ["between letters of two scripts", `م${zwj}क`, [0x200d]],
    ["between an Arabic letter and a Latin one", `م${zwnj}a`, [0x200c]],
    ["at the end of a Persian word", `می${zwnj} x`, [0x200c]],
    ["between Arabic digits", `۱${zwnj}۲`, [0x200c]],
    ["alone", zwj, [0x200d]],
  ])("%s", (_, text, found) => {
    expect(hiddenIn(text)).toEqual(found);
  });

  it("and so is everything else that hides, also beside emoji and in Persian words", () => {
    expect(hiddenIn(`👩\u200B💻 می\u200Bخواهم \u202E`)).toEqual([0x200b, 0x200b, 0x202e]);
  });
});
