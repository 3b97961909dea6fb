import { expect, it } from "vitest";
import { bytes, counted, dollars, roughly } from "./format.ts";

it.each([
  [undefined, "unknown"],
  ["x", "unknown"],
  ["0", "$0.00"],
  ["0.00000012", "<$0.0001"],
  ["0.0312", "$0.0312"],
  ["0.5", "$0.50"],
  ["0.063", "$0.0630"],
  ["0.99996", "$1.00"],
  ["12.5", "$12.50"],
  ["1234.567", "$1,234.57"],
])("%s is %s", (exact, words) => {
  expect(dollars(exact)).toBe(words);
});

it("shortens amounts downwards", () => {
  expect([999, 1999, 123_999, 1_999_999, 2e9].map(roughly)).toEqual(["999", "1.9 k", "123 k", "1.9 M", "2 G"]);
});

it("speaks of one and of many", () => {
  expect(counted(1, "repository", "repositories")).toBe("1 repository");
  expect(counted(1200, "file")).toBe("1,200 files");
  expect([12, 2048, 3 * 1024 * 1024].map(bytes)).toEqual(["12 B", "2.0 KiB", "3.0 MiB"]);
});
