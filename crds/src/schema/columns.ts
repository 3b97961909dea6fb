import type { Kind } from "./resource.ts";

/** A column of `kubectl get`; priority 1 shows with `-o wide` only. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "boolean" | "date";
  readonly jsonPath: string;
  readonly priority?: 1;
}

const columns: Readonly<Record<Kind, readonly PrinterColumn[]>> = {
  BatchChange: [
    { name: "Phase", type: "string", jsonPath: ".status.phase" },
    { name: "Done", type: "string", jsonPath: ".status.progress" },
    { name: "Failed", type: "integer", jsonPath: ".status.counts.failed" },
    { name: "PRs", type: "integer", jsonPath: ".status.pullRequests" },
    { name: "Cost", type: "string", jsonPath: ".status.usage.costUSD" },
    { name: "Running", type: "integer", jsonPath: ".status.counts.running", priority: 1 },
    { name: "Waiting", type: "integer", jsonPath: ".status.waiting", priority: 1 },
    { name: "Merged", type: "integer", jsonPath: ".status.counts.merged", priority: 1 },
    { name: "Suspended", type: "boolean", jsonPath: ".spec.suspend", priority: 1 },
    { name: "Model", type: "string", jsonPath: ".spec.agent.model", priority: 1 },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
  Changeset: [
    { name: "Repository", type: "string", jsonPath: ".spec.repository.name" },
    { name: "Phase", type: "string", jsonPath: ".status.phase" },
    { name: "Reason", type: "string", jsonPath: ".status.reason" },
    { name: "Diff", type: "string", jsonPath: ".status.diffStat" },
    { name: "Cost", type: "string", jsonPath: ".status.usage.costUSD" },
    { name: "PR", type: "string", jsonPath: ".status.pullRequest.url" },
    { name: "Branch", type: "string", jsonPath: ".spec.repository.branch", priority: 1 },
    { name: "Summary", type: "string", jsonPath: ".status.result.summary", priority: 1 },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
};

/** The columns of a kind beside its name. */
export function columnsOf(kind: Kind): readonly PrinterColumn[] {
  return columns[kind];
}
