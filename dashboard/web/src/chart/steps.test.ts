import { expect, it } from "vitest";
import { endOf, niceTop, stackedSteps } from "./steps.ts";

const size = { width: 100, height: 10 };

it("draws steps that fill the whole width and stack without gaps", () => {
  const points = [
    { at: 0, amounts: { open: 2, merged: 0 } },
    { at: 50, amounts: { open: 1, merged: 1 } },
  ];
  const [open, merged] = stackedSteps(points, ["open", "merged"], size, 100);
  expect(open?.d).toBe("M0 0L50 0L50 5L100 5L100 10L50 10L50 10L0 10Z");
  expect(merged?.d).toBe("M0 0L50 0L50 0L100 0L100 5L50 5L50 0L0 0Z");
});

it("ends now while something goes on, and soon after the last change when nothing does", () => {
  const at = (moment: number, working: number, open: number) => ({ at: moment, working, open });
  expect(endOf([at(0, 2, 0), at(100, 1, 0)], 9000)).toBe(9000);
  expect(endOf([at(0, 2, 0), at(100, 0, 1)], 9000)).toBe(9000);
  expect(endOf([at(0, 2, 0), at(100, 0, 0)], 9000)).toBe(110);
  expect(endOf([at(0, 2, 0), at(100, 0, 0)], 104)).toBe(104);
  expect(endOf([], 7)).toBe(7);
});

it("draws nothing of nothing, and a single point as a band", () => {
  expect(stackedSteps([], ["a"], size, 1)).toEqual([]);
  expect(stackedSteps([{ at: 5, amounts: { a: 1 } }], ["a"], size, 5)[0]?.d).toBe("M0 0L0 0L0 10L0 10Z");
});

it.each([
  [0, 1],
  [3, 5],
  [7, 10],
  [0.013, 0.02],
  [200, 200],
])("rounds %d up to %d", (most, top) => {
  expect(niceTop(most)).toBeCloseTo(top);
});
