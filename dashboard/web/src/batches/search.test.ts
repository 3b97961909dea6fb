import { BatchListQuery, batchSorts } from "@codybatch/dashboard-contract";
import { expect, it } from "vitest";
import { parseSearch } from "../url/search.ts";
import { isFiltered, readBatchesSearch, refined } from "./search.ts";

it("reads what the address says and leaves out what it does not know", () => {
  expect(readBatchesSearch(parseSearch("?q=node&phase=Failed,Running&sort=evil&x=1"))).toEqual({ q: "node", phase: "Failed,Running" });
});

it("goes back to the first page when a filter changes", () => {
  expect(refined({ q: "a", cursor: "c" }, { phase: "Failed" })).toEqual({ q: "a", cursor: undefined, phase: "Failed" });
  expect(refined({ q: "a" }, { cursor: "next" })).toEqual({ q: "a", cursor: "next" });
});

it("tells a sorted list from a filtered one", () => {
  expect(isFiltered({ sort: "name" })).toBe(false);
  expect(isFiltered({ label: "team=a" })).toBe(true);
});

it.each(batchSorts)("sorts as the server can: %s", (sort) => {
  expect(BatchListQuery.safeParse({ sort }).success).toBe(true);
});
