import { expect, it } from "vitest";
import { age, humanDuration } from "./age.ts";

const minute = 60;
const hour = 3600;
const day = 86_400;

it.each([
  [0, "0s"],
  [119, "119s"],
  [120, "2m"],
  [9 * minute + 59, "9m59s"],
  [10 * minute + 5, "10m"],
  [179 * minute, "179m"],
  [3 * hour, "3h"],
  [7 * hour + 59 * minute, "7h59m"],
  [47 * hour, "47h"],
  [2 * day, "2d"],
  [7 * day + 23 * hour, "7d23h"],
  [700 * day, "700d"],
  [3 * 365 * day + 5 * day, "3y5d"],
  [9 * 365 * day, "9y"],
  [-0.5, "0s"],
  [-5, "<invalid>"],
])("%d seconds are %s, as kubectl shows them", (seconds, shown) => {
  expect(humanDuration(seconds * 1000)).toBe(shown);
});

it.each([
  ["2026-01-01T00:00:00Z", "60s"],
  [undefined, "<unknown>"],
  ["yesterday", "<invalid>"],
])("the age of %s is %s", (timestamp, shown) => {
  expect(age(timestamp, Date.parse("2026-01-01T00:01:00Z"))).toBe(shown);
});
