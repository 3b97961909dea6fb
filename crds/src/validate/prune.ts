import type { SchemaNode } from "../schema/node.ts";
import { isObject, type JsonObject } from "./json.ts";

/** What is left of a value when everything that the schema does not name is gone, and the paths of what went. */
export interface Pruned {
  readonly value: unknown;
  readonly unknown: readonly string[];
}

/** Takes out the fields that the schema does not name. An object without `properties`, such as metadata, stays whole. */
export function prune(node: SchemaNode, value: unknown, path: string): Pruned {
  if (Array.isArray(value) && node.items !== undefined) return pruneList(node.items, value, path);
  if (!isObject(value) || (node.properties === undefined && node.additionalProperties === undefined)) return { value, unknown: [] };
  return pruneObject(node, value, path);
}

function pruneList(items: SchemaNode, list: readonly unknown[], path: string): Pruned {
  const pruned = list.map((item, index) => prune(items, item, `${path}[${index}]`));
  return { value: pruned.map((item) => item.value), unknown: pruned.flatMap((item) => item.unknown) };
}

function pruneObject(node: SchemaNode, object: JsonObject, path: string): Pruned {
  const kept: Record<string, unknown> = {};
  const unknown: string[] = [];
  for (const [name, child] of Object.entries(object)) {
    const childPath = path === "" ? name : `${path}.${name}`;
    const childNode = fieldNode(node, name);
    if (childNode === undefined) {
      unknown.push(childPath);
      continue;
    }
    const pruned = prune(childNode, child, childPath);
    kept[name] = pruned.value;
    unknown.push(...pruned.unknown);
  }
  return { value: kept, unknown };
}

/** The schema of one field of an object. */
export function fieldNode(node: SchemaNode, name: string): SchemaNode | undefined {
  return node.properties !== undefined && Object.hasOwn(node.properties, name) ? node.properties[name] : node.additionalProperties;
}
