/** Any JSON object. */
export type Node = Readonly<Record<string, unknown>>;

/** What says nothing about validity. */
const silent = new Set(["description", "example", "examples", "title", "externalDocs", "deprecated", "readOnly", "x-github", "x-octokit"]);

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A schema of OpenAPI 3.0 as JSON Schema: `nullable` becomes a type, words are left out, and an object has no fields but
 * those that it names, so that a field that GitHub does not have is seen.
 */
export function jsonSchema(schema: unknown, closed = true): unknown {
  if (!isNode(schema)) return schema;
  const { nullable, ...rest } = schema;
  const plain = Object.fromEntries(
    Object.entries(rest).flatMap(([key, value]) => (silent.has(key) || key.startsWith("x-") ? [] : [[key, converted(key, value, closed)]])),
  );
  const whole =
    closed && isNode(plain["properties"]) && !("additionalProperties" in plain) ? { ...plain, additionalProperties: false } : plain;
  return nullable === true ? orNull(whole) : whole;
}

function converted(key: string, value: unknown, closed: boolean): unknown {
  if (key === "properties" && isNode(value)) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, jsonSchema(one)]));
  if (key === "$ref" && typeof value === "string") return value.replace("#/components/schemas/", "#/schemas/");
  if (["allOf", "anyOf", "oneOf"].includes(key)) return alternatives(value, closed && key !== "allOf");
  return ["items", "additionalProperties", "not"].includes(key) ? jsonSchema(value) : value;
}

/** The parts of an allOf are never closed, since each names some of the fields only. */
function alternatives(value: unknown, closed: boolean): unknown {
  return Array.isArray(value) ? value.map((one) => jsonSchema(one, closed)) : value;
}

function orNull(schema: Node): unknown {
  const { type, enum: values } = schema;
  if (typeof type !== "string") return { anyOf: [schema, { type: "null" }] };
  const list = Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {};
  return { ...schema, type: [type, "null"], ...list };
}
