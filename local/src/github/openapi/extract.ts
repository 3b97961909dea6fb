import { isNode, jsonSchema } from "./json-schema.ts";
import type { Node } from "./json-schema.ts";

/** One operation as the extract stores it. `path` has `{name}` for each parameter. */
interface Extracted {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly documentation: string;
  readonly parameters: Node;
  readonly query: Node;
  readonly body?: unknown;
  readonly bodyRequired: boolean;
  /** By status; null where there is no JSON body. */
  readonly responses: Node;
}

/** The named operations of an OpenAPI description with every schema that they reach. Throws when one of them is missing. */
export function extract(
  description: Node,
  names: readonly string[],
): { readonly operations: readonly Extracted[]; readonly schemas: Node } {
  const all = operationsOf(description);
  const operations = names.map((name) => {
    const found = all.find(({ operation }) => operation["operationId"] === name);
    if (found === undefined) throw new Error(`the description has no operation ${name}`);
    return extracted(description, found);
  });
  return { operations, schemas: reached(description, operations) };
}

interface Found {
  readonly method: string;
  readonly path: string;
  readonly operation: Node;
}

function operationsOf(description: Node): readonly Found[] {
  return Object.entries(node(description["paths"])).flatMap(([path, methods]) =>
    Object.entries(node(methods)).flatMap(([method, operation]) => (isNode(operation) ? [{ method, path, operation }] : [])),
  );
}

function extracted(description: Node, { method, path, operation }: Found): Extracted {
  const parameters = list(operation["parameters"]).map((one) => resolved(description, one));
  const body = bodyOf(description, operation["requestBody"]);
  return {
    id: String(operation["operationId"]),
    method: method.toUpperCase(),
    path,
    documentation: String(node(operation["externalDocs"])["url"]),
    parameters: objectOf(parameters.filter((one) => one["in"] === "path")),
    query: objectOf(parameters.filter((one) => one["in"] === "query")),
    ...(body === undefined ? {} : { body: jsonSchema(body["schema"]) }),
    bodyRequired: body?.["required"] === true,
    responses: responsesOf(description, operation),
  };
}

function bodyOf(description: Node, reference: unknown): Node | undefined {
  if (reference === undefined) return undefined;
  const body = resolved(description, reference);
  return { schema: node(node(body["content"])["application/json"])["schema"], required: body["required"] };
}

function responsesOf(description: Node, operation: Node): Node {
  return Object.fromEntries(
    Object.entries(node(operation["responses"])).map(([status, reference]) => {
      const content = node(resolved(description, reference)["content"]);
      const schemas = Object.entries(content).filter(([type]) => type.includes("json"));
      const schema = schemas.map(([, one]) => jsonSchema(node(one)["schema"]));
      return [status, schema.length > 1 ? { anyOf: schema } : (schema[0] ?? null)];
    }),
  );
}

function objectOf(parameters: readonly Node[]): Node {
  const properties = Object.fromEntries(parameters.map((one) => [String(one["name"]), jsonSchema(one["schema"])]));
  const required = parameters.filter((one) => one["required"] === true).map((one) => String(one["name"]));
  return { type: "object", properties, required, additionalProperties: false };
}

/** Every schema that these operations name, and what those name in turn. */
function reached(description: Node, operations: readonly Extracted[]): Node {
  const source = node(node(description["components"])["schemas"]);
  const schemas: Record<string, unknown> = {};
  const visit = (value: unknown): void => {
    for (const name of namesIn(value)) {
      if (name in schemas) continue;
      schemas[name] = jsonSchema(source[name]);
      visit(schemas[name]);
    }
  };
  visit(operations);
  return Object.fromEntries(Object.entries(schemas).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function namesIn(value: unknown): readonly string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"#\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? "");
}

function resolved(description: Node, reference: unknown): Node {
  const target = node(reference)["$ref"];
  if (typeof target !== "string") return node(reference);
  return target
    .slice(2)
    .split("/")
    .reduce<Node>((inner, key) => node(inner[key]), description);
}

function node(value: unknown): Node {
  return isNode(value) ? value : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
