import { valueAt } from "../object.ts";
import type { KubeObject } from "../object.ts";

/** Whether a deleted object has nothing left to wait for. */
export function removable(object: KubeObject): boolean {
  const { metadata } = object;
  const waits = (metadata.finalizers ?? []).length > 0 || (metadata.deletionGracePeriodSeconds ?? 0) > 0 || holdsContent(object);
  return metadata.deletionTimestamp !== undefined && !waits;
}

/** A namespace waits for its content, by a finalizer of its own in spec. */
function holdsContent(object: KubeObject): boolean {
  const finalizers = object.kind === "Namespace" ? valueAt(object, "spec.finalizers") : undefined;
  return Array.isArray(finalizers) && finalizers.length > 0;
}
