import { expect, it } from "vitest";
import { Limits } from "./limits.ts";
import type { Cost } from "./limits.ts";

const read: Cost = { resource: "core", isContent: false, amount: 1 };
const write: Cost = { ...read, isContent: true };

it("the primary limit refuses the request after the last, until its hour is over", () => {
  const limits = new Limits({ core: 2 });
  expect([limits.take("a", read, 0), limits.take("a", read, 10)]).toEqual([undefined, undefined]);
  const refusal = limits.take("a", read, 20);
  expect(refusal).toMatchObject({ status: 403, message: expect.stringContaining("API rate limit exceeded for user ID") as string });
  expect(refusal?.headers).toMatchObject({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "3600", "x-ratelimit-used": "2" });
  expect(limits.take("b", read, 20)).toBeUndefined();
  expect(limits.take("a", read, 3_600_000)).toBeUndefined();
});

it("search has a lower limit of its own, by the minute", () => {
  const limits = new Limits({ search: 1 });
  const search: Cost = { ...read, resource: "search" };
  expect(limits.take("a", search, 0)).toBeUndefined();
  expect(limits.take("a", search, 59_999)).toBeDefined();
  expect(limits.take("a", read, 59_999)).toBeUndefined();
  expect(limits.take("a", search, 60_000)).toBeUndefined();
});

it("requests that make content have windows: the sixth of five waits until the first has left", () => {
  const limits = new Limits({ content: [{ requests: 5, seconds: 5 }] });
  for (let time = 0; time < 5; time++) expect(limits.take("a", write, time * 100)).toBeUndefined();
  const refusal = limits.take("a", write, 1000);
  expect(refusal).toMatchObject({ status: 403, headers: { "retry-after": "4" } });
  expect(limits.take("a", read, 1000)).toBeUndefined();
  expect(limits.take("a", write, 4999)).toBeDefined();
  expect(limits.take("a", write, 5000)).toBeUndefined();
  expect(limits.take("a", write, 5000)).toBeDefined();
});

it("a write costs five points of a minute, a read one", () => {
  const limits = new Limits({ points: 7, status: 429 });
  expect(limits.take("a", write, 0)).toBeUndefined();
  expect(limits.take("a", read, 1000)).toBeUndefined();
  expect(limits.take("a", write, 2000)).toMatchObject({ status: 429, headers: { "retry-after": "58" } });
  expect(limits.take("a", read, 2000)).toBeUndefined();
});

it("a conditional request that found nothing new is free", () => {
  const limits = new Limits({ core: 1 });
  expect(limits.take("a", read, 0)).toBeUndefined();
  limits.giveBack("a", "core", 0);
  expect(limits.take("a", read, 0)).toBeUndefined();
});
