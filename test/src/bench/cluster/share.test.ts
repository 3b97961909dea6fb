import { expect, test } from "vitest";
import { shares } from "./share.ts";

test("who takes twice the time of the limit reaches half of its rate, round by round", () => {
  expect(shares([100, 300], [200, 100])).toEqual([0.5, 3]);
});

test("rounds without their pair are no measurement", () => {
  expect(() => shares([100], [200, 100])).toThrow("1 times of the limit against 2");
});
