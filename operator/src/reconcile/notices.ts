import type { BatchChange, BatchChangeStatus, Changeset, ChangesetStatus } from "@codybatch/crds";
import type { Notice } from "./wish.ts";

/** Conditions whose turning True is worth a Warning. */
const alarms: readonly string[] = ["BudgetExceeded", "PriceUnknown", "StorageFull", "CanaryFailed", "PlainHTTP"];

/** Events about a batch: what its conditions have newly become. */
export function batchNotices(batch: BatchChange, status: BatchChangeStatus): readonly Notice[] {
  const about = { about: "BatchChange", name: batch.metadata.name, uid: batch.metadata.uid } as const;
  return (status.conditions ?? []).flatMap(({ type, status: now, reason, message }): Notice[] => {
    const before = batch.status?.conditions?.find((condition) => condition.type === type);
    if (before?.status === now && (type !== "Accepted" || before.reason === reason)) return [];
    if (type === "Accepted" && now === "False") return [{ ...about, type: "Warning", reason, message }];
    if (alarms.includes(type) && now === "True") return [{ ...about, type: "Warning", reason, message }];
    if (type === "Complete" && now === "True")
      return [{ ...about, type: reason === "AllSucceeded" ? "Normal" : "Warning", reason, message }];
    return [];
  });
}

/** Events about a Changeset: only what a person must act on, because every Event is a write. */
export function changesetNotices({ metadata, status: before, spec }: Changeset, after: ChangesetStatus): readonly Notice[] {
  if (after.phase !== "Failed" || (before?.phase === "Failed" && before.attempt === after.attempt)) return [];
  const message = `${spec.repository.name}: ${after.message ?? ""}`;
  return [{ type: "Warning", reason: after.reason ?? "Failed", message, about: "Changeset", name: metadata.name, uid: metadata.uid }];
}
