import { z } from "zod";

/** Keywords that strict tool schemas may not have; zod still enforces them when the call arrives. */
const unsupported = new Set([
  "$schema",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "pattern",
  "default",
]);

/** The JSON schema that is sent for a tool's input. */
export function strictSchema(schema: z.ZodObject): { type: "object"; [keyword: string]: unknown } {
  const json = z.toJSONSchema(schema, { io: "input" });
  return { ...record(strip(json)), type: "object", additionalProperties: false };
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !unsupported.has(key))
      .map(([key, inner]) => [key, key === "properties" ? properties(inner) : strip(inner)]),
  );
}

/** Names of properties are not keywords, even where they read like one. */
function properties(value: unknown): unknown {
  return Object.fromEntries(Object.entries(record(value)).map(([name, schema]) => [name, strip(schema)]));
}

function record(value: unknown): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(value);
}
