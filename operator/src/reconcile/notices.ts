import type { BatchChange, BatchChangeStatus, Changeset, ChangesetStatus, Condition } from "@codybatch/crds";
import type { Notice } from "./wish.ts";

/** Conditions whose turning True is worth a Warning. */
const alarms: readonly string[] = [
  "BudgetNearlySpent",
  "BudgetExceeded",
  "QuotaNearlySpent",
  "QuotaExceeded",
  "PriceUnknown",
  "StorageFull",
  "CanaryFailed",
  "PlainHTTP",
  "TrackingFailed",
  "SharedCredential",
];

/** Events about a batch: what its conditions have newly become. */
export function batchNotices(batch: BatchChange, status: BatchChangeStatus): readonly Notice[] {
  const about = { about: "BatchChange", name: batch.metadata.name, uid: batch.metadata.uid } as const;
  return (status.conditions ?? []).flatMap((condition): Notice[] => {
    const before = batch.status?.conditions?.find(({ type }) => type === condition.type);
    const isNew = before?.status !== condition.status || (condition.type === "Accepted" && before.reason !== condition.reason);
    const type = isNew ? severityOf(condition) : undefined;
    return type === undefined ? [] : [{ ...about, type, reason: condition.reason, message: condition.message }];
  });
}

/** Undefined for what nobody need be told. */
function severityOf({ type, status, reason }: Condition): Notice["type"] | undefined {
  if (type === "Accepted") return status === "False" ? "Warning" : undefined;
  if (status === "False") return undefined;
  if (type === "Complete") return reason === "AllSucceeded" || reason === "SomeCancelled" ? "Normal" : "Warning";
  return alarms.includes(type) ? "Warning" : undefined;
}

/** Events about a Changeset: what a person must act on, and who approved what, because every Event is a write. */
export function changesetNotices({ metadata, status: before, spec }: Changeset, after: ChangesetStatus): readonly Notice[] {
  const about = { about: "Changeset", name: metadata.name, uid: metadata.uid } as const;
  const { phase, reason, attempt } = after;
  const approval = approvedSince(before, after);
  const approved = approval === undefined ? [] : [{ ...about, type: "Normal" as const, ...approvedWords(spec.repository.name, approval) }];
  if (phase !== "Failed" || reason === undefined || (before?.phase === "Failed" && before.attempt === attempt)) return approved;
  return [...approved, { ...about, type: "Warning", reason, message: `${spec.repository.name}: ${after.message ?? ""}` }];
}

type Approval = NonNullable<NonNullable<ChangesetStatus["publishing"]>["approval"]>;

function approvedSince(before: ChangesetStatus | undefined, { publishing }: ChangesetStatus): Approval | undefined {
  const [known, now] = [before?.publishing?.approval, publishing?.approval];
  return now === undefined || (known?.patch === now.patch && known.by === now.by) ? undefined : now;
}

function approvedWords(repository: string, { by, patch }: Approval): { readonly reason: string; readonly message: string } {
  return { reason: "ApprovalRecorded", message: `${repository}: ${by} approved the patch ${patch}.` };
}
