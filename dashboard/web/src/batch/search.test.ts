import { RepositoryListQuery, repositorySorts } from "@codybatch/dashboard-contract";
import { expect, it } from "vitest";
import { parseSearch } from "../url/search.ts";
import { batchViews, readBatchSearch, refinedRows, rowsQuery } from "./search.ts";

it("asks the server in its own words", () => {
  const search = readBatchSearch(parseSearch("?q=api&phase=Failed&reason=CheckFailed&sort=-cost&limit=999&view=charts"));
  expect(RepositoryListQuery.parse(JSON.parse(JSON.stringify(rowsQuery(search))))).toEqual({
    q: "api",
    phase: ["Failed"],
    reason: "CheckFailed",
    sort: "-cost",
    limit: 200,
  });
});

it.each(repositorySorts)("sorts as the server can: %s", (sort) => {
  expect(RepositoryListQuery.safeParse({ sort }).success).toBe(true);
});

it("keeps the view and leaves the page when a filter changes", () => {
  expect(refinedRows({ view: "charts", cursor: "x" }, { q: "a" })).toEqual({ view: "charts", cursor: undefined, q: "a" });
  expect(batchViews).toContain("spec");
});
