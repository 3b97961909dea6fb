import { causeReason, kinds, validate } from "@codybatch/crds";
import type { FieldError, Kind } from "@codybatch/crds";
import type { Cause } from "../http/status.ts";
import type { KubeObject } from "../object.ts";

interface Outcome {
  readonly object: KubeObject;
  readonly causes: readonly Cause[];
  /** Paths of fields that the schema does not know. */
  readonly unknown: readonly string[];
}

/** An object of our own kinds without unknown fields and with defaults filled in, or why it is refused. */
export function checkCustom(object: KubeObject, old: KubeObject | undefined): Outcome {
  const kind = kinds.find((known) => known === object.kind);
  if (kind === undefined) return { object, causes: [], unknown: [] };
  const strict = validate(kind, object, old, { unknown: "refuse" });
  if (strict.ok) return { object: { ...strict.object, ...headOf(object) }, causes: [], unknown: [] };
  const causes = strict.errors.filter((error) => error.rule !== "unknown field").map(causeOf);
  const unknown = strict.errors.filter((error) => error.rule === "unknown field").map((error) => error.path);
  return { object: causes.length === 0 ? pruned(kind, object, old) : object, causes, unknown };
}

function causeOf({ path, rule, message }: FieldError): Cause {
  return { reason: causeReason[rule], field: path, message };
}

function pruned(kind: Kind, object: KubeObject, old: KubeObject | undefined): KubeObject {
  const lenient = validate(kind, object, old, { unknown: "prune" });
  return lenient.ok ? { ...lenient.object, ...headOf(object) } : object;
}

function headOf({ apiVersion, kind, metadata }: KubeObject): Pick<KubeObject, "apiVersion" | "kind" | "metadata"> {
  return { apiVersion, kind, metadata };
}
