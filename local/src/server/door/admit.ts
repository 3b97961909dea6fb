import { badRequest, invalid } from "../http/status.ts";
import type { Resource } from "../kinds/resource.ts";
import type { KubeObject } from "../object.ts";
import { checkCustom } from "./custom.ts";
import { finalizerCauses, metadataCauses } from "./metadata.ts";

/** How unknown fields are met, as the query parameter fieldValidation says. */
export type FieldValidation = "Strict" | "Warn" | "Ignore";

export interface Admitted {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

interface Admission {
  readonly resource: Resource;
  readonly object: KubeObject;
  readonly old: KubeObject | undefined;
  readonly fieldValidation: FieldValidation;
}

export function fieldValidationOf(query: URLSearchParams): FieldValidation {
  const value = query.get("fieldValidation") ?? "Warn";
  if (value === "" || value === "Warn") return "Warn";
  if (value === "Strict" || value === "Ignore") return value;
  throw badRequest(`fieldValidation: Unsupported value: "${value}": supported values: "Ignore", "Strict", "Warn"`);
}

/** Defaults and validates an object for storing. Throws a 422 that names every wrong field, or a 400 for unknown fields under Strict. */
export function admit({ resource, object, old, fieldValidation }: Admission): Admitted {
  const { name } = object.metadata;
  resource.rules.decode?.(object);
  const causes = [...metadataCauses(resource, object), ...finalizerCauses(object, old), ...(resource.rules.check?.(object, old) ?? [])];
  const custom = resource.custom ? checkCustom(object, old) : { object, causes: [], unknown: [] };
  refuseUnknown(resource, custom.unknown, fieldValidation);
  const all = [...causes, ...custom.causes];
  if (all.length > 0) throw invalid(resource, name, all);
  const warnings = fieldValidation === "Warn" ? custom.unknown.map((path) => `unknown field "${path}"`) : [];
  return { object: custom.object, warnings };
}

function refuseUnknown(resource: Resource, paths: readonly string[], fieldValidation: FieldValidation): void {
  if (paths.length === 0 || fieldValidation !== "Strict") return;
  const list = paths.map((path) => `unknown field "${path}"`).join(", ");
  const { kind, version } = resource;
  throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${list}`);
}
