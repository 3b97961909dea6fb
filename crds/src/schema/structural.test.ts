import { expect, it } from "vitest";
import { z } from "zod";
import { toStructural } from "./structural.ts";

const text = z.string().max(10);

it.each([
  ["a union", z.object({ a: z.union([text, z.int()]) }), /^a: anyOf is not structural: use optional fields and a rule/],
  [
    "int-or-string of other types",
    z.object({ a: z.union([z.boolean(), text]).meta({ "x-kubernetes-int-or-string": true }) }),
    /^a: int-or-string needs the branches/,
  ],
  ["an untyped field", z.object({ a: z.unknown() }), /^a: a structural schema needs a type/],
  ["a tuple", z.object({ a: z.tuple([text, text]) }), /^a\[\*\]: anyOf is not structural/],
  ["an intersection of strings", z.object({ a: z.intersection(text, z.string().min(2)) }), /^a: allOf is not allowed/],
  ["a deprecated field", z.object({ a: text.meta({ deprecated: true }) }), /^a: deprecated is not allowed/],
  ["a recursive type", recursive(), /^properties\.|\$ref/],
  ["a date", z.object({ a: z.date() }), /Date cannot be represented/],
  ["a string without bound", z.object({ a: z.object({ b: z.string() }) }), /^a\.b: bound it with max\(\)/],
  ["a list without bound", z.object({ a: z.array(text) }), /^a: bound it with max\(\)/],
  ["a map without bound", z.object({ a: z.record(z.string(), text) }), /^a: bound it with maxProperties/],
  ["a string in a list without bound", z.object({ a: z.array(z.string()).max(2) }), /^a\[\*\]: bound it/],
  ["a pattern without words", z.object({ a: text.regex(/^a$/) }), /^a: a pattern needs words/],
  ["a pattern with look-ahead", z.object({ a: text.regex(/^(?!a)/).meta({ "x-codybatch-form": "b" }) }), /^a: RE2 has no look-around/],
  [
    "a list-map whose key may be absent",
    z.object({ a: listMap(z.object({ key: text.optional() })) }),
    /^a: a key of a list-map must be required/,
  ],
])("refuses %s, naming the place", (_name, schema, message) => {
  expect(() => toStructural(schema)).toThrow(message);
});

it("keeps bounds, defaults and our own keywords, and nothing else", () => {
  const schema = z.strictObject({
    size: z.int().default(3),
    money: z.union([z.int().min(0), text]).meta({ "x-kubernetes-int-or-string": true }),
    list: listMap(z.object({ key: text.meta({ "x-codybatch-change": "immutable" }) })).optional(),
  });
  expect(toStructural(schema)).toEqual({
    type: "object",
    required: ["money"],
    properties: {
      size: { type: "integer", default: 3 },
      money: { "x-kubernetes-int-or-string": true, minimum: 0, maxLength: 10 },
      list: {
        type: "array",
        maxItems: 5,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["key"],
        items: {
          type: "object",
          required: ["key"],
          properties: { key: { type: "string", maxLength: 10, "x-codybatch-change": "immutable" } },
        },
      },
    },
  });
});

function listMap(item: z.ZodObject): z.ZodType {
  return z
    .array(item)
    .max(5)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["key"] });
}

function recursive(): z.ZodType {
  const Tree = z.object({
    get children() {
      return z.array(Tree).max(2);
    },
  });
  return Tree;
}
