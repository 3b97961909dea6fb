import type { BatchChangeStatus, FieldError, Metadata } from "@codybatch/crds";
import { conditionsOf } from "./conditions.ts";
import { isEqual } from "./merge-patch.ts";
import type { Action } from "./wish.ts";

/** What a cache keeps of a BatchChange whose spec cannot be read. */
export interface Unreadable {
  readonly metadata: Metadata;
  readonly faults: readonly FieldError[];
  readonly status: BatchChangeStatus | undefined;
}

/** Says so in its status and does nothing else; only an older or newer schema, or none at all, lets such an object in. */
export function planUnreadable({ metadata, faults, status }: Unreadable, now: Date): readonly Action[] {
  if (metadata.deletionTimestamp !== undefined) return [];
  const [fault] = faults;
  const message = fault === undefined ? "The stored spec cannot be read." : `${fault.path}: ${fault.message}.`;
  const finding = { type: "Accepted", status: "False", reason: "InvalidSpec", message } as const;
  const conditions = conditionsOf([finding], status?.conditions ?? [], metadata.generation, now);
  const next = { ...status, observedGeneration: metadata.generation, phase: status?.phase ?? ("Pending" as const), conditions };
  const batch = status === undefined ? { metadata } : { metadata, status };
  return isEqual(status, next) ? [] : [{ kind: "PatchBatchStatus", batch, status: next }];
}
