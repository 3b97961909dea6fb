import type { KubeObject } from "../object.ts";
import type { Cause } from "../http/status.ts";

interface Outcome {
  readonly object: KubeObject;
  readonly causes: readonly Cause[];
  /** Paths of fields that the schema does not know. */
  readonly unknown: readonly string[];
}

/** An object of our own kinds with defaults filled in, or why it is refused. */
export function checkCustom(object: KubeObject, _old: KubeObject | undefined): Outcome {
  return { object, causes: [], unknown: [] };
}
