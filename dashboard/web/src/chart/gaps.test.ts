import { expect, it } from "vitest";
import { weekUntil, withoutGaps } from "./gaps.ts";

const day = (name: string) => ({ day: name, costUSD: "1", attempts: 1 });

it("puts days without an attempt between those with one", () => {
  const days = withoutGaps([day("2026-02-27"), day("2026-03-02")], { from: "2026-02-28", to: "2026-02-28" });
  expect(days.map(({ day: name, attempts }) => `${name} ${attempts}`)).toEqual([
    "2026-02-27 1",
    "2026-02-28 0",
    "2026-03-01 0",
    "2026-03-02 1",
  ]);
});

it("shows the whole span, also where nothing was used at its ends", () => {
  const days = withoutGaps([day("2026-02-27")], { from: "2026-02-26", to: "2026-02-28" });
  expect(days.map(({ attempts }) => attempts)).toEqual([0, 1, 0]);
});

it("makes a span of a week at least", () => {
  expect(weekUntil("2026-03-02", "2026-03-01")).toEqual({ from: "2026-02-24", to: "2026-03-02" });
  expect(weekUntil("2026-03-02", "2026-01-01")).toEqual({ from: "2026-01-01", to: "2026-03-02" });
});

it.each([
  [[day("2026-02-27")], "2026-02-27", "2026-02-27"],
  [[day("2016-02-27"), day("2026-02-27")], "2026-02-27", "2026-02-27"],
  [[day("x"), day("y")], "x", "y"],
])("leaves %j as it is", (days, from, to) => {
  expect(withoutGaps(days, { from, to })).toBe(days);
});
