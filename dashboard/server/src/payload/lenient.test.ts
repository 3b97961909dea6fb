import { BatchChangeStatus, ChangesetStatus } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { lenient } from "./lenient.ts";
import { rangeOf } from "./range.ts";

describe("an object of a newer version", () => {
  it("is read without the fields that are not known yet, deep ones too", () => {
    const status = { phase: "Running", counts: { running: 1, dreaming: 2 }, horoscope: "good" };
    expect(lenient(BatchChangeStatus, status)).toEqual({ phase: "Running", counts: { running: 1 } });
  });

  it("is not changed by being read", () => {
    const status = { phase: "Ready", more: { deep: [1] } };
    lenient(ChangesetStatus, status);
    expect(status).toEqual({ phase: "Ready", more: { deep: [1] } });
  });

  it("is not read when what is known of it is wrong", () => {
    expect(lenient(ChangesetStatus, { phase: "Dreaming", more: 1 })).toBeUndefined();
    expect(lenient(ChangesetStatus, "text")).toBeUndefined();
  });
});

it.each([
  [undefined, undefined],
  ["bytes=0-9", { start: 0, end: 10 }],
  ["bytes=5-", { start: 5, end: 100 }],
  ["bytes=-10", { start: 90, end: 100 }],
  ["bytes=-500", { start: 0, end: 100 }],
  ["bytes=90-500", { start: 90, end: 100 }],
  ["bytes=0-1,5-6", undefined],
  ["lines=1-2", undefined],
  ["bytes=-", undefined],
  ["bytes=x-y", undefined],
])("the header %s asks for %j of 100 bytes", (header, range) => {
  expect(rangeOf(header, 100)).toEqual(range);
});

it.each(["bytes=100-", "bytes=50-40", "bytes=-0"])("the header %s cannot be satisfied", (header) => {
  expect(() => rangeOf(header, 100)).toThrow(/lies outside/);
});
