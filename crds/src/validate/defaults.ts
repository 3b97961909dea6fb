import type { SchemaNode } from "../schema/node.ts";
import { isObject, type JsonObject } from "./json.ts";
import { fieldNode } from "./prune.ts";

/**
 * Fills defaults as an API server does: a field's default where the field is absent, or null without being nullable, and nested
 * defaults only in objects that are there, by the manifest or by their own default.
 */
export function withDefaults(node: SchemaNode, value: unknown): unknown {
  const { items } = node;
  if (Array.isArray(value) && items !== undefined) return value.map((item) => withDefaults(items, item));
  return isObject(value) ? objectWithDefaults(node, value) : value;
}

function objectWithDefaults(node: SchemaNode, object: JsonObject): JsonObject {
  const filled: Record<string, unknown> = { ...object };
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    if ((filled[name] ?? undefined) === undefined && child.default !== undefined) filled[name] = structuredClone(child.default);
  }
  for (const [name, child] of Object.entries(filled)) {
    const childNode = fieldNode(node, name);
    if (childNode !== undefined) filled[name] = withDefaults(childNode, child);
  }
  return filled;
}
