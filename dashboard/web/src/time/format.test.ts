import { expect, it } from "vitest";
import { absolute, clock, duration, relative } from "./format.ts";

const now = Date.parse("2026-11-21T21:00:00Z");

it("shows UTC with seconds", () => {
  expect(absolute("2026-11-21T21:03:05Z", "utc")).toBe("2026-11-21 21:03:05 UTC");
  expect(absolute("not a time", "utc")).toBe("unknown time");
  expect(clock("2026-11-21T21:03:05Z", "utc")).toBe("21:03:05");
});

it("names the viewer's zone", () => {
  expect(absolute("2026-11-21T21:03:05Z", "local")).toMatch(/^2026-11-2\d \d\d:\d\d:05 \S+$/);
});

it.each([
  ["2026-11-21T20:59:58Z", "just now"],
  ["2026-11-21T20:59:20Z", "40 s ago"],
  ["2026-11-21T20:57:00Z", "3 min ago"],
  ["2026-11-21T19:00:01Z", "1 h ago"],
  ["2026-11-18T21:00:00Z", "3 d ago"],
  ["2026-11-21T23:00:00Z", "in 2 h"],
])("%s is %s", (at, words) => {
  expect(relative(at, now)).toBe(words);
});

it.each([
  [0.25, "250 ms"],
  [59.4, "59 s"],
  [61, "1 min 01 s"],
  [3723, "1 h 02 min 03 s"],
])("%d seconds are %s", (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});
