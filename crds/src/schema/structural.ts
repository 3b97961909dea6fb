import { z } from "zod";
import { Keywords, type SchemaNode } from "./node.ts";

/** A zod schema that an API server would not take; `path` names the place. */
class StructuralError extends Error {
  readonly path: string;

  constructor(path: string, problem: string, cause?: unknown) {
    super(`${path || "."}: ${problem}`, { cause });
    this.name = "StructuralError";
    this.path = path;
  }
}

/**
 * Turns a zod schema into the structural subset of OpenAPI v3, and throws a {@link StructuralError} on what an API server would refuse.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export function toStructural(schema: z.ZodType): SchemaNode {
  const json = z.toJSONSchema(schema, { target: "openapi-3.0", io: "input", unrepresentable: "throw", reused: "inline" });
  return tidy(json, "");
}

function tidy(value: unknown, path: string): SchemaNode {
  const { properties, items, additionalProperties, ...own } = asRecord(merged(asRecord(value, path), path), path);
  const parsed = Keywords.safeParse(withoutNoise(own));
  if (!parsed.success) throw new StructuralError(path, problemOf(parsed.error), parsed.error);
  const node: SchemaNode = {
    ...parsed.data,
    ...(properties === undefined ? {} : { properties: tidyProperties(properties, path) }),
    ...(items === undefined ? {} : { items: tidy(items, `${path}[*]`) }),
    ...(isSchema(additionalProperties) ? { additionalProperties: tidy(additionalProperties, `${path}.*`) } : {}),
  };
  check(node, path);
  return node;
}

function tidyProperties(properties: unknown, path: string): Record<string, SchemaNode> {
  const entries = Object.entries(asRecord(properties, path));
  return Object.fromEntries(entries.map(([name, child]) => [name, tidy(child, path === "" ? name : `${path}.${name}`)]));
}

/** The one union that is structural is int-or-string, whose branches become one node. */
function merged(node: Record<string, unknown>, path: string): Record<string, unknown> {
  const { anyOf, ...rest } = node;
  if (anyOf === undefined) return node;
  if (rest["x-kubernetes-int-or-string"] !== true || !Array.isArray(anyOf)) {
    throw new StructuralError(path, "anyOf is not structural: use optional fields and a rule over them");
  }
  const branches = anyOf.map((branch) => asRecord(branch, path));
  const types = branches.map((branch) => branch["type"]).join();
  if (types !== "integer,string") throw new StructuralError(path, `int-or-string needs the branches integer and string, not ${types}`);
  const { type: _type, ...keywords } = Object.assign({}, ...branches);
  return { ...keywords, ...rest };
}

/** Leaves out what says nothing: strictness, which pruning gives, and the bounds that zod adds to every integer. */
function withoutNoise(node: Record<string, unknown>): Record<string, unknown> {
  const noise: Record<string, unknown> = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
  return Object.fromEntries(Object.entries(node).filter(([keyword, value]) => keyword !== "$schema" && noise[keyword] !== value));
}

function check(node: SchemaNode, path: string): void {
  const problem = problems.find(([wrong]) => wrong(node));
  if (problem !== undefined) throw new StructuralError(path, problem[1]);
}

const lookAround = /\(\?[=!<]|\\[1-9k]/;

const problems: readonly (readonly [(node: SchemaNode) => boolean, string])[] = [
  [(node) => node.type === undefined && node["x-kubernetes-int-or-string"] === undefined, "a structural schema needs a type"],
  [
    (node) => node.properties !== undefined && node.additionalProperties !== undefined,
    "properties and additionalProperties exclude each other",
  ],
  [(node) => isText(node) && node.maxLength === undefined && node.enum === undefined, "bound it with max(): rules over it have a cost"],
  [(node) => node.type === "array" && node.maxItems === undefined, "bound it with max(): rules over it have a cost"],
  [
    (node) => node.additionalProperties !== undefined && node.maxProperties === undefined,
    "bound it with maxProperties: rules over it have a cost",
  ],
  [(node) => node.pattern !== undefined && lookAround.test(node.pattern), "RE2 has no look-around and no back-reference"],
  [(node) => node.pattern !== undefined && node["x-codybatch-form"] === undefined, "a pattern needs words: use formed()"],
  [(node) => listKeys(node).some((key) => !isKey(node.items, key)), "a key of a list-map must be required or have a default"],
];

function isText(node: SchemaNode): boolean {
  return node.type === "string" || node["x-kubernetes-int-or-string"] === true;
}

function listKeys(node: SchemaNode): readonly string[] {
  return node["x-kubernetes-list-map-keys"] ?? [];
}

function isKey(item: SchemaNode | undefined, key: string): boolean {
  return item?.required?.includes(key) === true || item?.properties?.[key]?.default !== undefined;
}

function problemOf(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue?.code === "unrecognized_keys") return `${issue.keys.join(", ")} is not allowed in a structural schema`;
  return `${issue?.path.join(".")}: ${issue?.message}`;
}

function isSchema(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function asRecord(value: unknown, path: string): Record<string, unknown> {
  const parsed = z.record(z.string(), z.unknown()).safeParse(value);
  if (!parsed.success) throw new StructuralError(path, "expected a schema object");
  return parsed.data;
}
