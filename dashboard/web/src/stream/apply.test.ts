import type { BatchRow } from "@codybatch/dashboard-contract";
import { QueryClient } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { apply } from "./apply.ts";

const row: BatchRow = {
  namespace: "team-a",
  name: "node-24",
  phase: "Running",
  total: 5,
  finished: 1,
  failed: 0,
  running: 4,
  waiting: 0,
  pullRequests: 0,
  merged: 0,
  createdAt: "2026-11-21T20:00:00Z",
};
const key = ["batches", {}, {}];

it("puts a row where it is listed and leaves others as they are", () => {
  const queries = new QueryClient();
  const other = { ...row, name: "other" };
  queries.setQueryData(key, { items: [row, other] });
  apply(queries, { kind: "batch", topic: "batches", row: { ...row, finished: 2 } });
  const list = queries.getQueryData<{ items: BatchRow[] }>(key)!;
  expect(list.items[0]!.finished).toBe(2);
  expect(list.items[1]).toBe(other);
});

it("asks anew for a row that is not listed, once a second however often it changes", () => {
  vi.useFakeTimers();
  const queries = new QueryClient();
  queries.setQueryData(key, { items: [] });
  const asked = vi.spyOn(queries, "invalidateQueries");
  for (let change = 0; change < 10; change++) apply(queries, { kind: "batch", topic: "batches", row });
  vi.advanceTimersByTime(1000);
  expect(asked.mock.calls.filter(([filter]) => filter?.queryKey?.[0] === "batches")).toHaveLength(1);
  vi.useRealTimers();
});

it("asks anew for all of a topic that missed something", () => {
  vi.useFakeTimers();
  const queries = new QueryClient();
  const asked = vi.spyOn(queries, "invalidateQueries");
  apply(queries, { kind: "snapshot", topic: "batch:team-a/node-24", resumed: false });
  vi.advanceTimersByTime(1000);
  expect(asked.mock.calls.map(([filter]) => filter?.queryKey?.[0])).toEqual(["batch", "repositories", "burndown", "batchUsage"]);
  expect(asked.mock.calls[0]![0]?.queryKey?.[1]).toEqual({ namespace: "team-a", name: "node-24" });
  vi.useRealTimers();
});
