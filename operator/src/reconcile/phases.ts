import { changesetPhases, type BatchChange, type BatchPhase, type ChangesetPhase } from "@codybatch/crds";

/** Changesets per phase. */
export type Counts = Readonly<Record<ChangesetPhase, number>>;

/** What decides beside the counts. */
export interface BatchIntent {
  readonly suspend: boolean;
  readonly cancel: boolean;
  /** Some Changeset has a Job, although perhaps no pod yet. */
  readonly active: boolean;
}

/** Phases in which nothing more happens by itself and no person is waited for. */
const finished: readonly ChangesetPhase[] = [
  "NoChange",
  "Ready",
  "Open",
  "Merged",
  "Closed",
  "Failed",
  "Cancelled",
  "Removed",
  "Duplicate",
];
const good: readonly ChangesetPhase[] = ["NoChange", "Ready", "Open", "Merged"];
const bad: readonly ChangesetPhase[] = ["Failed", "Cancelled"];

/** Counts the phases; all thirteen are there. */
export function countPhases(phases: readonly ChangesetPhase[]): Counts {
  const counts: Record<ChangesetPhase, number> = {
    Pending: 0,
    Running: 0,
    NoChange: 0,
    Ready: 0,
    AwaitingApproval: 0,
    Publishing: 0,
    Open: 0,
    Merged: 0,
    Closed: 0,
    Failed: 0,
    Cancelled: 0,
    Removed: 0,
    Duplicate: 0,
  };
  for (const phase of phases) counts[phase] += 1;
  return counts;
}

/** Finished and all repositories, such as `3/5`; those taken out of the spec count in neither. */
export function progressOf(counts: Counts): string {
  const all = changesetPhases.filter((phase) => phase !== "Removed");
  return `${total(counts, finished) - counts.Removed}/${total(counts, all)}`;
}

/** Every Changeset is in a finished phase, and there is at least one. */
export function isComplete(counts: Counts): boolean {
  const entries = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return entries > 0 && total(counts, finished) === entries;
}

/** Cancelled before anything was found: it has nothing to do and never will. */
export function isCancelledEarly({ spec }: Pick<BatchChange, "spec">, counts: Counts): boolean {
  return spec.cancel && spec.repositorySelector !== undefined && total(counts, changesetPhases) === 0;
}

/** The phase of a whole batch. `phases.test.ts` holds the table. */
export function batchPhase(counts: Counts, { suspend, cancel, active }: BatchIntent): BatchPhase {
  if (isComplete(counts)) return finalPhase(counts, cancel);
  if (active || counts.Running > 0 || (counts.Publishing > 0 && !suspend)) return "Running";
  if (counts.Pending + counts.Publishing > 0 && suspend) return "Suspended";
  if (counts.Pending > 0) return total(counts, finished) + counts.AwaitingApproval > 0 ? "Running" : "Pending";
  return counts.AwaitingApproval > 0 ? "AwaitingApproval" : suspend ? "Suspended" : "Pending";
}

function finalPhase(counts: Counts, cancel: boolean): BatchPhase {
  if (cancel && counts.Cancelled > 0) return "Cancelled";
  if (total(counts, bad) === 0) return "Succeeded";
  return total(counts, good) > 0 ? "PartiallySucceeded" : "Failed";
}

function total(counts: Counts, phases: readonly ChangesetPhase[]): number {
  return phases.reduce((sum, phase) => sum + counts[phase], 0);
}
