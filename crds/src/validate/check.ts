import type { SchemaNode } from "../schema/node.ts";
import type { FieldError, FieldRule } from "./field-error.ts";
import { shown } from "./field-error.ts";
import { isObject, type JsonObject } from "./json.ts";
import { fieldNode } from "./prune.ts";

/**
 * Everything that is wrong with a value by its schema alone, in the words of an API server. `keyed` is the path as an API server's rules write it:
 * with a free key in brackets, as in `limits[memory]`.
 */
export function schemaErrors(node: SchemaNode, value: unknown, path: string, keyed = path): readonly FieldError[] {
  const typed = typeError(node, value, path);
  if (typed !== undefined) return [typed];
  if (isObject(value)) return objectErrors(node, value, path, keyed);
  if (Array.isArray(value)) return listErrors(node, value, path, keyed);
  return scalarErrors(node, value, path, keyed);
}

function typeError(node: SchemaNode, value: unknown, path: string): FieldError | undefined {
  const actual = typeOf(value);
  if (node["x-kubernetes-int-or-string"] === true) {
    return actual === "integer" || actual === "string" ? undefined : ofType(path, "integer,string", actual);
  }
  const fits = node.type === undefined || actual === node.type || (node.type === "number" && actual === "integer");
  return fits ? undefined : ofType(path, node.type, actual);
}

function ofType(path: string, wanted: string, actual: string): FieldError {
  return mistyped(path, `"${actual}"`, wanted);
}

/** An API server says "Invalid value" of a wrong type too; only the reason differs. */
function mistyped(path: string, value: string, wanted: string, field = path): FieldError {
  return { path, rule: "Invalid type", message: `Invalid value: ${value}: ${field} in body must be of type ${wanted}: ${value}` };
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function objectErrors(node: SchemaNode, object: JsonObject, path: string, keyed: string): readonly FieldError[] {
  const missing = (node.required ?? []).filter((name) => object[name] === undefined);
  const children = Object.entries(object).flatMap(([name, child]) => {
    const childNode = fieldNode(node, name);
    if (childNode === undefined || child === undefined) return [];
    const isFree = node.properties?.[name] === undefined;
    return schemaErrors(childNode, child, join(path, name), isFree ? `${keyed}[${name}]` : join(keyed, name));
  });
  return [
    ...missing.map((name) => fault("Required value", join(path, name), "")),
    ...tooMany(node.maxProperties, Object.keys(object).length, path),
    ...children,
  ];
}

function listErrors(node: SchemaNode, list: readonly unknown[], path: string, keyed: string): readonly FieldError[] {
  const { items, minItems = 0 } = node;
  const few =
    list.length < minItems ? [fault("Invalid value", path, `${list.length}: ${path} in body should have at least ${minItems} items`)] : [];
  const own =
    items === undefined ? [] : list.flatMap((item, index) => schemaErrors(items, item, `${path}[${index}]`, `${keyed}[${index}]`));
  return [...few, ...tooMany(node.maxItems, list.length, path), ...own, ...duplicates(node, list, path)];
}

function tooMany(most: number | undefined, actual: number, path: string): readonly FieldError[] {
  return most === undefined || actual <= most ? [] : [fault("Too many", path, `${actual}: must have at most ${most} items`)];
}

function duplicates(node: SchemaNode, list: readonly unknown[], path: string): readonly FieldError[] {
  const keys = node["x-kubernetes-list-map-keys"];
  if (keys === undefined) return [];
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    if (!isObject(item)) return [];
    const key = shown(Object.fromEntries(keys.toSorted().map((name) => [name, item[name]])));
    const again = seen.has(key);
    seen.add(key);
    return again ? [fault("Duplicate value", `${path}[${index}]`, key)] : [];
  });
}

function scalarErrors(node: SchemaNode, value: unknown, path: string, keyed: string): readonly FieldError[] {
  if (typeof value === "number") return numberErrors(node, value, path);
  return typeof value === "string" ? stringErrors(node, value, path, keyed) : [];
}

function numberErrors({ minimum, maximum }: SchemaNode, value: number, path: string): readonly FieldError[] {
  if (minimum !== undefined && value < minimum) return [outside(path, value, `greater than or equal to ${minimum}`)];
  if (maximum !== undefined && value > maximum) return [outside(path, value, `less than or equal to ${maximum}`)];
  return [];
}

function outside(path: string, value: unknown, bound: string): FieldError {
  return fault("Invalid value", path, `${shown(value)}: ${path} in body should be ${bound}`);
}

const dateTime = /^\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

function stringErrors(node: SchemaNode, value: string, path: string, keyed: string): readonly FieldError[] {
  const { maxLength, minLength = 0, pattern } = node;
  const length = Array.from(value).length;
  if (maxLength !== undefined && length > maxLength) return [fault("Too long", path, `may not be more than ${maxLength} bytes`)];
  if (length < minLength) return [outside(path, value, `at least ${minLength} chars long`)];
  if (node.enum !== undefined && !node.enum.includes(value)) {
    return [fault("Unsupported value", path, `${shown(value)}: supported values: ${node.enum.map(shown).join(", ")}`)];
  }
  if (node.format === "date-time" && !dateTime.test(value)) {
    return [mistyped(path, shown(value), "date-time", path.split(".").at(-1))];
  }
  const words = node["x-codybatch-form"] ?? `must match ${pattern}`;
  return pattern === undefined || new RegExp(pattern, "u").test(value) ? [] : [fault("Invalid value", keyed, `${shown(value)}: ${words}`)];
}

function fault(rule: FieldRule, path: string, detail: string): FieldError {
  return { path, rule, message: detail === "" ? rule : `${rule}: ${detail}` };
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
