import type { Attempt } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { isSettled, placeOf } from "./try.ts";

const attempts = ([attempt, number]: readonly [number, number]): Attempt => ({
  attempt,
  try: number,
  job: "",
  outcome: "Reported",
  reason: "Reported",
  inputsHash: "",
  chargedNanoUSD: 0,
});

describe("a try is settled", () => {
  it.each([
    [true, "when its end is recorded", [1, 0]],
    [true, "when the end of a later try of its attempt is", [1, 0]],
    [true, "when the list has dropped it, because later ones are there", [0, 2]],
    [false, "not before", [2, 1]],
  ] as const)("%s: %s", (want, _, place) => {
    const listed = (
      [
        [1, 1],
        [2, 0],
      ] as const
    ).map(attempts);
    expect(isSettled({ attempt: place[0], try: place[1] }, listed)).toBe(want);
  });

  it("never while nothing is recorded", () => {
    expect(isSettled({ attempt: 0, try: 0 }, [])).toBe(false);
  });
});

it.each([
  ["node-24-0123456789-3-2", { attempt: 3, try: 2 }],
  ["node-24", undefined],
  ["node-a-b", undefined],
])("reads attempt and try of the name %s", (name, want) => {
  expect(placeOf(name)).toEqual(want);
});
