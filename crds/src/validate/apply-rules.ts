import type { Rule } from "../rules/rule.ts";
import type { SchemaNode } from "../schema/node.ts";
import type { FieldError } from "./field-error.ts";
import { shown } from "./field-error.ts";
import { fieldAt } from "./json.ts";

/** A node of an object with the same node of the object before; entries of list-maps are matched by their keys. */
interface Place {
  readonly path: string;
  readonly self: unknown;
  readonly old: unknown;
}

/** The rules that an object breaks, beside its old self where there is one. */
export function ruleErrors(rules: readonly Rule[], schema: SchemaNode, self: unknown, old: unknown): readonly FieldError[] {
  return rules.flatMap((rule) =>
    placesOf(rule.at, schema, { path: "", self, old })
      .filter((place) => rule.when !== "update" || place.old !== undefined)
      .filter((place) => !rule.holds(place.self, place.old))
      .map((place) => broken(rule, place)),
  );
}

/** As an API server says it: the value only where the rule stands on the very field. */
function broken({ reason, message, field }: Rule, { path, self }: Place): FieldError {
  const value = reason === "Invalid value" && field === undefined ? `${shown(self)}: ` : "";
  return { path: `${path}${field ?? ""}`.replace(/^\./, ""), rule: reason, message: `${reason}: ${value}${message}` };
}

function placesOf(path: string, schema: SchemaNode, root: Place): readonly Place[] {
  const [step = "", ...rest] = path.split(".");
  if (step === "") return root.self === undefined ? [] : [root];
  const name = step.replace("[*]", "");
  const child = { path: root.path === "" ? name : `${root.path}.${name}`, self: fieldAt(root.self, name), old: fieldAt(root.old, name) };
  const node = schema.properties?.[name];
  if (node === undefined) return [];
  const places = step.endsWith("[*]") ? entries(node, child) : [child];
  const inner = step.endsWith("[*]") ? (node.items ?? node) : node;
  return places.flatMap((place) => placesOf(rest.join("."), inner, place));
}

function entries(node: SchemaNode, { path, self, old }: Place): readonly Place[] {
  if (!Array.isArray(self)) return [];
  const keys = node["x-kubernetes-list-map-keys"] ?? [];
  const before = new Map((Array.isArray(old) ? old : []).map((item: unknown) => [keyOf(keys, item), item]));
  return self.map((item: unknown, index) => ({ path: `${path}[${index}]`, self: item, old: before.get(keyOf(keys, item)) }));
}

function keyOf(keys: readonly string[], item: unknown): string {
  return JSON.stringify(keys.map((key) => fieldAt(item, key)));
}
