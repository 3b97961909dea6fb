import type { Changeset, Reason } from "@codybatch/crds";
import type { Finding } from "./conditions.ts";

/** Whether exactly the stored patch is approved, and by whom. An approval of any other patch is void. */
export function approvalOf({ spec: { approval } }: Changeset, digest: string): Finding {
  if (approval === undefined) return finding("False", "NotApproved", "Nobody has approved the patch.");
  if (approval.patch !== digest) {
    return finding("False", "ApprovalVoid", `${approval.by} approved ${approval.patch}, but the stored patch is ${digest}.`);
  }
  return finding("True", "ApprovalRecorded", `Approved by ${approval.by}.`);
}

function finding(status: Finding["status"], reason: Reason, message: string): Finding {
  return { type: "Approved", status, reason, message };
}
