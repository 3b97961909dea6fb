import { describe, expect, it } from "vitest";
import { isEqual, mergePatchOf } from "./merge-patch.ts";

describe("a merge patch", () => {
  it.each([
    ["is nothing when nothing changes, whatever the order of keys", { a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 }, undefined],
    ["names what is new or other", { a: 1, b: 1 }, { a: 1, b: 2, c: 3 }, { b: 2, c: 3 }],
    ["takes out what is gone", { a: 1, b: { c: 1, d: 2 } }, { b: { d: 2 } }, { a: null, b: { c: null } }],
    ["replaces lists whole", { a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 2 }] }, { a: [{ b: 2 }] }],
    ["replaces a value by an object", { a: 1 }, { a: { b: 1 } }, { a: { b: 1 } }],
    ["treats undefined as absent", { a: undefined }, { b: undefined }, undefined],
  ])("%s", (_, before, after, want) => {
    expect(mergePatchOf(before, after)).toEqual(want);
  });

  it("finds lists of different length unequal", () => {
    expect(isEqual([1], [1, 2])).toBe(false);
    expect(isEqual({ a: [{ b: 1 }] }, { a: [{ b: 1 }] })).toBe(true);
    expect(isEqual(undefined, {})).toBe(false);
  });
});
