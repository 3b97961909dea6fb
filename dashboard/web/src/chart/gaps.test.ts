import { expect, it } from "vitest";
import { withoutGaps } from "./gaps.ts";

const day = (name: string) => ({ day: name, costUSD: "1", attempts: 1 });

it("puts days without an attempt between those with one", () => {
  const days = withoutGaps([day("2026-02-27"), day("2026-03-02")]);
  expect(days.map(({ day: name, attempts }) => `${name} ${attempts}`)).toEqual([
    "2026-02-27 1",
    "2026-02-28 0",
    "2026-03-01 0",
    "2026-03-02 1",
  ]);
});

it.each([[[]], [[day("2026-02-27")]], [[day("2016-02-27"), day("2026-02-27")]], [[day("x"), day("y")]]])("leaves %j as it is", (days) => {
  expect(withoutGaps(days)).toBe(days);
});
