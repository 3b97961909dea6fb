import { describe, expect, it } from "vitest";
import { jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";
import { strategicPatch } from "./strategic-patch.ts";

describe("a JSON patch", () => {
  it.each([
    [{ a: 1 }, [{ op: "add", path: "/b", value: 2 }], { a: 1, b: 2 }],
    [{ a: [1, 3] }, [{ op: "add", path: "/a/1", value: 2 }], { a: [1, 2, 3] }],
    [{ a: [1] }, [{ op: "add", path: "/a/-", value: 2 }], { a: [1, 2] }],
    [{ a: [1, 2] }, [{ op: "remove", path: "/a/0" }], { a: [2] }],
    [{ a: { b: 1 } }, [{ op: "replace", path: "/a/b", value: null }], { a: { b: null } }],
    [{ a: 1 }, [{ op: "remove", path: "/gone" }], { a: 1 }],
    [{ a: 1 }, [{ op: "copy", from: "/a", path: "/b" }], { a: 1, b: 1 }],
    [{ a: { b: 1 }, c: [] }, [{ op: "move", from: "/a/b", path: "/c/0" }], { a: {}, c: [1] }],
    [{ "x/y": { "~": 1 } }, [{ op: "replace", path: "/x~1y/~0", value: 2 }], { "x/y": { "~": 2 } }],
    [
      { a: 1 },
      [
        { op: "test", path: "/a", value: 1 },
        { op: "replace", path: "/a", value: 2 },
      ],
      { a: 2 },
    ],
  ])("changes %j by %j", (target, document, expected) => {
    const before = structuredClone(target);
    expect(jsonPatch(target, document)).toEqual(expected);
    expect(target).toEqual(before);
  });

  it.each([
    [{}, [{ op: "jump", path: "/a" }], "cannot be read"],
    [{}, { op: "add" }, "cannot be read"],
    [{}, [{ op: "add", path: "a", value: 1 }], "must be empty or begin with /"],
    [{}, [{ op: "add", path: "/a/b", value: 1 }], 'part "a" does not exist'],
    [{ a: [] }, [{ op: "add", path: "/a/1", value: 1 }], "no index of the list"],
    [{ a: [] }, [{ op: "remove", path: "/a/01" }], "no index of the list"],
    [{ a: 1 }, [{ op: "test", path: "/a", value: 2 }], "testing value /a failed"],
    [{}, [{ op: "copy", from: "/a", path: "/b" }], "path /a does not exist"],
  ])("on %j refuses %j", (target, document, says) => {
    expect(() => jsonPatch(target, document)).toThrow(says);
  });
});

describe("a merge patch", () => {
  it.each([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: "b" }, { a: { x: { y: null } } }, { a: { x: {} } }],
    [{ a: [1] }, { a: [2] }, { a: [2] }],
  ])("changes %j by %j", (target, patch, expected) => {
    expect(mergePatch(target, patch)).toEqual(expected);
  });

  it("takes __proto__ for a key like any other", () => {
    const patched = mergePatch({}, JSON.parse('{"__proto__": {"x": 1}}'));
    expect(JSON.stringify(patched)).toBe('{"__proto__":{"x":1}}');
    expect({}).not.toHaveProperty("x");
  });
});

describe("a strategic merge patch", () => {
  const containers = [
    { name: "a", image: "1" },
    { name: "b", image: "1" },
  ];
  it.each([
    [{ containers }, { containers: [{ name: "b", image: "2" }] }, { containers: [containers[0], { name: "b", image: "2" }] }],
    [{ containers }, { containers: [{ name: "a", $patch: "delete" }] }, { containers: [containers[1]] }],
    [
      { containers },
      { containers: [{ name: "c" }], "$setElementOrder/containers": [{ name: "c" }, { name: "a" }, { name: "b" }] },
      { containers: [{ name: "c" }, ...containers] },
    ],
    [{ containers }, { containers: [{ $patch: "replace" }, { name: "z" }] }, { containers: [{ name: "z" }] }],
    [{ args: ["x"] }, { args: ["y"] }, { args: ["y"] }],
    [{ finalizers: ["a"] }, { finalizers: ["b"] }, { finalizers: ["a", "b"] }],
    [{ finalizers: ["a", "b"] }, { "$deleteFromPrimitiveList/finalizers": ["a"] }, { finalizers: ["b"] }],
    [{ data: { a: "1", b: "2" } }, { data: { a: null, c: "3" } }, { data: { b: "2", c: "3" } }],
    [
      { volumes: [{ name: "v", emptyDir: {} }] },
      { volumes: [{ name: "v", secret: {}, $retainKeys: ["name", "secret"] }] },
      { volumes: [{ name: "v", secret: {} }] },
    ],
    [{ spec: { a: 1 } }, { spec: { $patch: "replace", b: 2 } }, { spec: { b: 2 } }],
    [{ spec: { a: 1 }, x: 1 }, { spec: { $patch: "delete" } }, { x: 1 }],
  ])("changes %j by %j", (target, patch, expected) => {
    expect(strategicPatch(target, patch)).toEqual(expected);
  });
});
