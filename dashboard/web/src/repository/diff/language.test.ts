import { refractor } from "refractor";
import { expect, it } from "vitest";
import { languageOf } from "./language.ts";

it.each(["a.ts", "b/c.TSX", "Makefile", "x.yml", "a.sh", "index.html", "q.sql", "m.kt"])("colours %s", (path) => {
  expect(refractor.registered(languageOf(path) ?? "")).toBe(true);
});

it.each(["a", "x.unknown", "constructor", "a.constructor", ""])("leaves %j plain", (path) => {
  expect(languageOf(path)).toBeUndefined();
});
