import type { BatchDetail, RepositoryRow } from "@codybatch/dashboard-contract";

type Phase = RepositoryRow["phase"];

// What needs somebody comes first.
const order = [
  ["failed", "Failed"],
  ["awaitingApproval", "AwaitingApproval"],
  ["running", "Running"],
  ["publishing", "Publishing"],
  ["pending", "Pending"],
  ["open", "Open"],
  ["merged", "Merged"],
  ["ready", "Ready"],
  ["noChange", "NoChange"],
  ["closed", "Closed"],
  ["cancelled", "Cancelled"],
  ["removed", "Removed"],
  ["duplicate", "Duplicate"],
] as const satisfies readonly (readonly [keyof BatchDetail["counts"], Phase])[];

/** Phases in which any repository is, what needs somebody first. */
export function countedPhases(counts: BatchDetail["counts"]): readonly { readonly phase: Phase; readonly count: number }[] {
  return order.map(([key, phase]) => ({ phase, count: counts[key] })).filter(({ count }) => count > 0);
}
