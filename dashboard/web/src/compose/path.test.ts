import { expect, it } from "vitest";
import { named, valueAt, withValue } from "./path.ts";

it("names a place as the API server does", () => {
  expect(named(["spec", "repositories", 0, "url"])).toBe("spec.repositories[0].url");
});

it("reads what it writes and leaves the old object alone", () => {
  const old = { spec: { a: 1 } };
  const next = withValue(old, ["spec", "list", 0, "url"], "x");
  expect(valueAt(next, ["spec", "list", 0, "url"])).toBe("x");
  expect(next).toEqual({ spec: { a: 1, list: [{ url: "x" }] } });
  expect(old).toEqual({ spec: { a: 1 } });
});

it("takes out what becomes empty", () => {
  expect(withValue({ a: 1, spec: { list: [{ url: "x" }] } }, ["spec", "list", 0, "url"], undefined)).toEqual({ a: 1 });
  expect(withValue({ list: [1, 2, 3] }, ["list", 1], undefined)).toEqual({ list: [1, 3] });
});

it("does not reach into what every object has", () => {
  expect(valueAt({}, ["constructor"])).toBeUndefined();
});
