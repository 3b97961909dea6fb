import { describe, expect, it } from "vitest";
import { listing, mostEntries } from "./tree.ts";

describe("a listing", () => {
  it("shows all files when they fit", () => {
    expect(listing(["a/b/c", "a/d", "e"], undefined)).toEqual({ entries: ["a/b/c", "a/d", "e"], left: 0, depth: 3 });
  });

  it("folds what lies deeper than asked for", () => {
    expect(listing(["a/b/c", "a/b/d", "a/e", "f"], 2)).toEqual({ entries: ["a/b/ (2 files)", "a/e", "f"], left: 0, depth: 2 });
  });

  it("folds by itself to the deepest level that fits", () => {
    const files = Array.from({ length: 100_000 }, (_, index) => `p${index % 300}/q${index % 3000}/f${index}`);
    const { entries, depth, left } = listing(files, undefined);
    expect([entries.length, depth, left]).toEqual([300, 1, 0]);
  });

  it("cuts a level that does not fit and says how much", () => {
    const { entries, left } = listing(
      Array.from({ length: 2000 }, (_, index) => `f${index}`),
      undefined,
    );
    expect([entries.length, left]).toEqual([mostEntries, 1500]);
  });

  it("of nothing is empty", () => {
    expect(listing([], undefined)).toEqual({ entries: [], left: 0, depth: 1 });
  });
});
