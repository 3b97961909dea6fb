import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { extract } from "./extract.ts";
import { jsonSchema } from "./json-schema.ts";
import { operations } from "./operations.ts";
import { source } from "./source.ts";

interface Stored {
  readonly source: { readonly licence: string; readonly extractSha256: string };
  readonly operations: readonly { readonly id: string }[];
  readonly schemas: object;
}

const stored = JSON.parse(readFileSync(join(import.meta.dirname, "github.json"), "utf8")) as Stored;

it("the committed extract has the operations that are listed, from the version that is named, under its licence", () => {
  expect(stored.operations.map(({ id }) => id)).toEqual(operations);
  expect(stored.source).toMatchObject(source);
  expect(stored.source.licence).toMatch(/^MIT License/);
});

it("nobody has changed the committed extract by hand", () => {
  const { operations: taken, schemas } = stored;
  const digest = createHash("sha256")
    .update(JSON.stringify({ operations: taken, schemas }))
    .digest("hex");
  expect(digest).toBe(stored.source.extractSha256);
});

it.each([
  ["a nullable type", { type: "string", nullable: true, description: "x" }, { type: ["string", "null"] }],
  ["a nullable choice", { type: "string", enum: ["a"], nullable: true }, { type: ["string", "null"], enum: ["a", null] }],
  [
    "a nullable alternative",
    { oneOf: [{ type: "string" }], nullable: true },
    { anyOf: [{ oneOf: [{ type: "string" }] }, { type: "null" }] },
  ],
  ["a reference", { $ref: "#/components/schemas/label" }, { $ref: "#/schemas/label" }],
  [
    "a field called title",
    { type: "object", properties: { title: { type: "string", title: "T" } } },
    { type: "object", properties: { title: { type: "string" } }, additionalProperties: false },
  ],
  [
    "parts of one object",
    { allOf: [{ type: "object", properties: { a: { type: "string" } } }] },
    { allOf: [{ type: "object", properties: { a: { type: "string" } } }] },
  ],
])("%s of OpenAPI becomes JSON Schema", (_what, openapi, expected) => {
  expect(jsonSchema(openapi)).toEqual(expected);
});

const description = {
  paths: {
    "/things/{id}": {
      get: {
        operationId: "things/get",
        externalDocs: { url: "https://docs" },
        parameters: [{ $ref: "#/components/parameters/id" }],
        responses: { "200": { content: { "application/json": { schema: { $ref: "#/components/schemas/thing" } } } }, "304": {} },
      },
    },
  },
  components: {
    parameters: { id: { name: "id", in: "path", required: true, schema: { type: "integer" } } },
    schemas: { thing: { type: "array", items: { $ref: "#/components/schemas/part" } }, part: { type: "string" }, other: {} },
  },
};

it("an extract has an operation's parameters and responses, and each schema that it reaches", () => {
  const { operations: taken, schemas } = extract(description, ["things/get"]);
  expect(taken).toEqual([
    {
      id: "things/get",
      method: "GET",
      path: "/things/{id}",
      documentation: "https://docs",
      parameters: { type: "object", properties: { id: { type: "integer" } }, required: ["id"], additionalProperties: false },
      query: { type: "object", properties: {}, required: [], additionalProperties: false },
      bodyRequired: false,
      responses: { "200": { $ref: "#/schemas/thing" }, "304": null },
    },
  ]);
  expect(schemas).toEqual({ part: { type: "string" }, thing: { type: "array", items: { $ref: "#/schemas/part" } } });
});

it("an operation that the description does not have is named", () => {
  expect(() => extract(description, ["things/drop"])).toThrow("the description has no operation things/drop");
});
