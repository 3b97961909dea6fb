import { expect, it } from "vitest";
import { BranchName, Duration, durationSeconds, formatUSD, Money, nanoUSD, Quantity, RepositoryURL } from "./field.ts";

it.each([
  [2, 2_000_000_000],
  ["2.50", 2_500_000_000],
  ["0.0001", 100_000],
  ["9999999.9999", 9_999_999_999_900_000],
])("%s dollars are %i nano-dollars", (money, nano) => {
  expect(Money.safeParse(money).success).toBe(true);
  expect(nanoUSD(money)).toBe(nano);
});

it.each([
  [0, "0.00"],
  [1, "0.000000001"],
  [2_500_000_000, "2.50"],
  [1_234_567_001, "1.234567001"],
  [999_999_999, "0.999999999"],
  [15_970_600, "0.0159706"],
  [9_999_999_999_900_000, "9999999.9999"],
])("%i nano-dollars are shown as %s, exactly", (nano, text) => {
  expect(formatUSD(nano)).toBe(text);
  expect(nanoUSD(text)).toBe(nano);
});

it.each([
  ["45s", 45],
  ["30m", 1800],
  ["2h", 7200],
  ["14d", 1_209_600],
])("%s is %i seconds", (duration, seconds) => {
  expect(Duration.safeParse(duration).success).toBe(true);
  expect(durationSeconds(duration)).toBe(seconds);
});

it.each(["", "-x", "/x", ".x", "a b", "a\u0000b", "a\u202eb", "a\tb", "a~1", "a^", "a:b", "a?", "a*", "a[b", "a\\b"])(
  "%j is no branch",
  (name) => {
    expect(BranchName.safeParse(name).success).toBe(false);
  },
);

it.each(["main", "HEAD", "release/2.x", "feature/über", "a-b_c.d", "user@topic"])("%s is a branch", (name) => {
  expect(BranchName.safeParse(name).success).toBe(true);
});

it.each([
  "https://user:pw@github.com/a/b",
  "https://github.com/a",
  "https://github.com/a/b?x",
  "https://github.com/a/b#x",
  "ssh://h/a/b",
  "https://h/a/b c",
  "file://host/a",
  "-c",
  "https://h//a/b",
])("%s is no repository", (url) => {
  expect(RepositoryURL.safeParse(url).success).toBe(false);
});

it.each(["500m", "2Gi", "1.5", 2, "100k"])("%s is a quantity", (quantity) => {
  expect(Quantity.safeParse(quantity).success).toBe(true);
});
