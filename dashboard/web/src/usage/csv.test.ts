import { expect, it } from "vitest";
import { cell, usageCSV } from "./csv.ts";

it.each([
  ["plain", "plain"],
  ["a,b", '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
  ["@SUM(1,2)", `"'@SUM(1,2)"`],
  ["-1.5", "-1.5"],
  [undefined, ""],
])("writes %s as %s", (value, text) => {
  expect(cell(value)).toBe(text);
});

it("writes one line for each slice", () => {
  const used = { attempts: 1, unpriced: 0, input: 2, output: 3, cacheRead: 4, cacheWrite: 5, costUSD: "0.1" };
  const rate = { key: "", batches: 0, repositories: 0, succeeded: 0, failed: 0, pullRequests: 0, merged: 0 };
  const text = usageCSV({
    version: "1",
    from: "",
    to: "",
    hidden: [],
    rates: { all: rate, perNamespace: [], perModel: [] },
    perDay: [{ key: "2026-11-21", ...used }],
    perModel: [{ key: "m", ...used, costUSD: undefined }],
  });
  expect(text.split("\r\n")).toEqual([
    "slice,key,attempts,input,output,cacheRead,cacheWrite,costUSD",
    "day,2026-11-21,1,2,3,4,5,0.1",
    "model,m,1,2,3,4,5,",
    "",
  ]);
});
