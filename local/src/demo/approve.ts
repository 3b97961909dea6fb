import type { Change, Cluster } from "./cluster.ts";
import type { Seen } from "./view.ts";

/** Approves every patch that waits for it, as the one who pastes the commands of the messages; gives the lines that say so. */
export async function approveAll(cluster: Cluster, { changes }: Seen): Promise<readonly string[]> {
  const by = await cluster.whoami();
  const lines: string[] = [];
  for (const change of changes) {
    const { patch } = change.status;
    if (change.status.phase !== "AwaitingApproval" || patch === undefined) continue;
    await cluster.approve(change, { patch: patch.digest, by });
    lines.push(`  ${change.spec.batchChange} ${change.spec.repository.name}  ${patch.digest}`);
  }
  return lines.length === 0 ? [] : [`--approve: approved as ${by}, as the commands above would have:`, ...lines];
}

/** Whether the operator has still to see an approval. */
export function isApprovedAfresh({ spec, status }: Change): boolean {
  return status.phase === "AwaitingApproval" && status.reason === "ApprovalNeeded" && spec.approval?.patch === status.patch?.digest;
}
