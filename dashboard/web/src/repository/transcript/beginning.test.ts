import type { TranscriptPage } from "@codybatch/dashboard-contract";
import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, it } from "vitest";
import { beginning, firstPage } from "./beginning.ts";

const place = { namespace: "n", name: "b", changeset: "c" };
const page = (attempt: string, numbers: readonly number[]): TranscriptPage => ({
  attempt,
  live: true,
  truncated: false,
  events: numbers.length,
  items: numbers.map((n) => ({ n, event: { kind: "unreadable", at: "", turn: 0, text: "" } })),
});
const fetched = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = fetched;
});

/** A server that has this page of whatever attempt is asked for. */
function serving(content: TranscriptPage): readonly string[] {
  const asked: string[] = [];
  globalThis.fetch = (url) => {
    asked.push(typeof url === "string" ? url : "");
    return Promise.resolve(Response.json(content));
  };
  return asked;
}

it("takes what was begun without knowing the attempt, when it turns out to be of it", async () => {
  const queries = new QueryClient();
  const asked = serving(page("0-2", [1, 2]));
  void queries.prefetchQuery(beginning(place, undefined));
  expect((await firstPage(queries, place, "0-2")).items).toHaveLength(2);
  expect(asked).toHaveLength(1);
});

it.each([
  ["of another attempt", page("0-1", [1, 2])],
  ["from before the first event", page("0-2", [])],
])("asks anew when what was begun is %s", async (_what, old) => {
  const queries = new QueryClient();
  queries.setQueryData(beginning(place, undefined).queryKey, old);
  const asked = serving(page("0-2", [1, 2, 3]));
  expect((await firstPage(queries, place, "0-2")).items).toHaveLength(3);
  expect(asked).toEqual([expect.stringContaining("attempt=0-2&after=0")]);
});
