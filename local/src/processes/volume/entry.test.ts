import { expect, test } from "vitest";

import { ContainerRefusal } from "../container/refusal.ts";
import { inside } from "./entry.ts";
import { keyedFiles } from "./keyed.ts";

test.each(["../x", "a/../../x", "/etc/passwd", ".."])("the path %s is refused", (path) => {
  expect(() => inside("/volume", path)).toThrow(`the path ${JSON.stringify(path)} leads out of its volume`);
});

test.each([
  ["a/b", "/volume/a/b"],
  ["a/../b", "/volume/b"],
  ["..data", "/volume/..data"],
])("the path %s stays inside", (path, wanted) => {
  expect(inside("/volume", path)).toBe(wanted);
});

const what = "ConfigMap n/c";
const items = [{ key: "k", path: "p" }];

test.each([
  ["all keys", { what, values: { k: "1", l: "2" }, items: undefined, optional: false }, ["k", "l"]],
  ["the named key under its path", { what, values: { k: "1", l: "2" }, items, optional: false }, ["p"]],
  ["nothing of a missing optional object", { what, values: undefined, items, optional: true }, []],
  ["nothing for a missing optional key", { what, values: {}, items, optional: true }, []],
])("gives %s", (_, keyed, wanted) => {
  expect(keyedFiles(keyed).map(({ path }) => path)).toEqual(wanted);
});

test.each([
  ["the object", undefined, "ConfigMap n/c does not exist"],
  ["the key", {}, 'ConfigMap n/c has no key "k"'],
])("refuses when %s is missing", (_, values, message) => {
  expect(() => keyedFiles({ what, values, items, optional: false })).toThrow(new ContainerRefusal("CreateContainerConfigError", message));
});
