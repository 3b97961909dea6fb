import { expect, it } from "vitest";
import { numberIn, parseSearch, stringifySearch, textIn, toggled, wordIn, wordsOf } from "./search.ts";

it("writes what it reads", () => {
  const search = { q: "a&b = c", phase: "Failed,Running", n: "12" };
  expect(parseSearch(stringifySearch(search))).toEqual(search);
});

it("leaves out what is not set", () => {
  expect(stringifySearch({ q: undefined, phase: "" })).toBe("");
});

it("reads only what is allowed", () => {
  const raw = parseSearch("?view=split&n=007&m=42&q=&x=1");
  expect(wordIn(raw, "view", ["unified", "split"])).toBe("split");
  expect(wordIn(raw, "view", ["unified"])).toBeUndefined();
  expect(numberIn(raw, "n")).toBeUndefined();
  expect(numberIn(raw, "m")).toBe(42);
  expect(textIn(raw, "q")).toBeUndefined();
  expect(textIn(raw, "missing")).toBeUndefined();
});

it("keeps known words of a list in their order", () => {
  expect(wordsOf("Running,evil,Failed", ["Failed", "Running"])).toEqual(["Failed", "Running"]);
});

it("toggles a word", () => {
  expect(toggled(undefined, "a")).toBe("a");
  expect(toggled("a", "b")).toBe("a,b");
  expect(toggled("a,b", "a")).toBe("b");
  expect(toggled("b", "b")).toBeUndefined();
});
