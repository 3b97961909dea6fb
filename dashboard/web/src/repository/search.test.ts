import { AttemptId } from "@codybatch/dashboard-contract";
import { expect, it } from "vitest";
import { parseSearch } from "../url/search.ts";
import { readRepositorySearch } from "./search.ts";

it("reads a link to a line, and one to an event", () => {
  expect(readRepositorySearch(parseSearch("?file=src/a%20b.ts"))).toEqual({ file: "src/a b.ts" });
  expect(readRepositorySearch(parseSearch("?tab=transcript&attempt=0-1&event=12"))).toEqual({
    tab: "transcript",
    attempt: "0-1",
    event: 12,
  });
});

it("takes attempts as the server does", () => {
  for (const attempt of ["0-1", "12-9999", "x", "1", "-1-2", "1-2-3", "00000-1"]) {
    expect([attempt, readRepositorySearch({ attempt }).attempt !== undefined]).toEqual([attempt, AttemptId.safeParse(attempt).success]);
  }
});
