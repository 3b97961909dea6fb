import { type ChangeKind, defaultText, type SchemaNode } from "../schema/node.ts";

/** One field of a kind as the reference shows it. */
export interface Field {
  /** Such as `spec.repositories[].url`. */
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly default: string;
  readonly bounds: string;
  readonly description: string;
  /** Of its own or of the nearest object above it. */
  readonly change: ChangeKind | undefined;
}

interface Above {
  readonly path: string;
  readonly change: ChangeKind | undefined;
  readonly required: readonly string[];
}

/** Every field below a node, each object before its own fields. */
export function fieldsOf(node: SchemaNode, path: string, change?: ChangeKind): readonly Field[] {
  return below(node, { path, change, required: node.required ?? [] });
}

function below(node: SchemaNode, above: Above): readonly Field[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => fieldAndBelow(name, child, above));
}

function fieldAndBelow(name: string, node: SchemaNode, above: Above): readonly Field[] {
  const inner = node.items ?? node;
  const change = node["x-codybatch-change"] ?? above.change;
  const path = `${above.path}.${name}`;
  const field: Field = {
    path,
    type: typeOf(node),
    required: above.required.includes(name),
    default: defaultOf(node),
    bounds: boundsOf(node),
    description: node.description ?? "",
    change,
  };
  return [field, ...below(inner, { path: node.items === undefined ? path : `${path}[]`, change, required: inner.required ?? [] })];
}

function typeOf(node: SchemaNode): string {
  if (node.items !== undefined) return `list of ${typeOf(node.items)}`;
  if (node.additionalProperties !== undefined) return `map of ${typeOf(node.additionalProperties)}`;
  if (node["x-kubernetes-int-or-string"] === true) return "integer or string";
  return node.format ?? node.type ?? "";
}

function defaultOf(node: SchemaNode): string {
  const text = defaultText(node);
  return text === undefined ? "" : `\`${text}\``;
}

function boundsOf(node: SchemaNode): string {
  const words = [
    node.enum?.map((value) => `\`${value}\``).join(", "),
    range(node.minimum, node.maximum, ""),
    node.enum === undefined ? range(node.minLength, node.maxLength, " characters") : undefined,
    range(node.minItems, node.maxItems, " entries"),
    range(undefined, node.maxProperties, " entries"),
    node["x-codybatch-form"],
    keysOf(node),
  ];
  return words.filter((word) => word !== undefined).join("; ");
}

function range(least: number | undefined, most: number | undefined, unit: string): string | undefined {
  if (least === undefined && most === undefined) return undefined;
  if (least === undefined) return `at most ${most}${unit}`;
  return most === undefined ? `at least ${least}${unit}` : `${least} to ${most}${unit}`;
}

function keysOf(node: SchemaNode): string | undefined {
  const keys = node["x-kubernetes-list-map-keys"];
  return keys === undefined ? undefined : `one entry for each ${keys.join(" and ")}`;
}
