import type { SchemaNode } from "../schema/node.ts";
import { isObject, type JsonObject } from "./json.ts";
import { fieldNode } from "./prune.ts";

/**
 * Fills defaults as an API server does: a field's default where the field is absent or null, and nested defaults only in objects that
 * are there, by the manifest or by their own default. A null without default counts as absent.
 */
export function withDefaults(node: SchemaNode, value: unknown): unknown {
  const { items } = node;
  if (Array.isArray(value) && items !== undefined) return value.map((item) => withDefaults(items, item));
  return isObject(value) ? objectWithDefaults(node, value) : value;
}

function objectWithDefaults(node: SchemaNode, object: JsonObject): JsonObject {
  const defaults = Object.entries(node.properties ?? {}).flatMap(([name, { default: own }]) =>
    own === undefined ? [] : [[name, own] as const],
  );
  const present = Object.entries(object).filter(([name, child]) => !absent(child) || fieldNode(node, name) === undefined);
  const filled = Object.entries({ ...Object.fromEntries(defaults), ...Object.fromEntries(present) });
  return Object.fromEntries(filled.map(([name, child]) => [name, fill(fieldNode(node, name), child)]));
}

function fill(node: SchemaNode | undefined, value: unknown): unknown {
  return node === undefined ? value : withDefaults(node, structuredClone(value));
}

function absent(value: unknown): boolean {
  return value === null || value === undefined;
}
