import { apiVersion } from "./api.ts";
import { rulesOf } from "./rules/rules.ts";
import { type Kind, schemaOf } from "./schema/resource.ts";
import { ruleErrors } from "./validate/apply-rules.ts";
import { schemaErrors } from "./validate/check.ts";
import { withDefaults } from "./validate/defaults.ts";
import type { FieldError } from "./validate/field-error.ts";
import { isObject, type JsonObject } from "./validate/json.ts";
import { prune } from "./validate/prune.ts";

export interface ValidateOptions {
  /** Refuse fields that the schema does not name, as kubectl asks for, or prune them, as a server does otherwise. Default refuse. */
  readonly unknown?: "refuse" | "prune";
}

/** A pruned object with its defaults, or everything that is wrong with it. */
export type Validation =
  | { readonly ok: true; readonly object: JsonObject }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/**
 * Asks of an object what an API server with our CRDs would ask: schema, rules and, with the stored object as `old`, what may change.
 * It never changes its arguments.
 */
export function validate(kind: Kind, candidate: unknown, old?: unknown, { unknown = "refuse" }: ValidateOptions = {}): Validation {
  const schema = schemaOf(kind);
  const pruned = prune(schema, candidate, "");
  const object = withDefaults(schema, pruned.value);
  const strange = unknown === "refuse" ? pruned.unknown.map(unknownField) : [];
  const before = old === undefined ? undefined : withDefaults(schema, old);
  const errors = [
    ...strange,
    ...headErrors(kind, object),
    ...schemaErrors(schema, object, ""),
    ...ruleErrors(rulesOf(kind), schema, object, before),
  ];
  return errors.length === 0 && isObject(object) ? { ok: true, object } : { ok: false, errors };
}

function unknownField(path: string): FieldError {
  return { path, rule: "unknown field", message: `unknown field "${path}": check its spelling and place, or take it out` };
}

function headErrors(kind: Kind, object: unknown): readonly FieldError[] {
  if (!isObject(object)) return [];
  const wanted = { apiVersion, kind };
  return Object.entries(wanted).flatMap(([path, value]): readonly FieldError[] =>
    object[path] === value
      ? []
      : [{ path, rule: "Invalid value", message: `Invalid value: ${JSON.stringify(object[path] ?? "")}: must be ${value}` }],
  );
}
