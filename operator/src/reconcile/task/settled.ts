import type { BatchChange, Changeset, Task } from "@codybatch/crds";
import type { ObservedTask } from "./task.ts";

/** The objects whose status tells which tasks have ended. */
export interface TaskOwners {
  readonly batch: BatchChange;
  readonly changesets: readonly Changeset[];
}

/** The end of this Job, or of a later one of its kind, is in the stored status: its result need not be read, and it may go. */
export function isTaskSettled(job: ObservedTask, owners: TaskOwners): boolean {
  return job.number <= settledNumber(job.task, job.owner, owners);
}

/** Number of the last Job of a task and owner whose end is in status; 0 before the first. */
export function settledNumber(task: Task, owner: string, { batch, changesets }: TaskOwners): number {
  if (task === "publish") return changesets.find(({ metadata }) => metadata.uid === owner)?.status?.publishing?.settled ?? 0;
  return (batch.metadata.uid === owner ? settledOf(task, batch) : undefined) ?? 0;
}

function settledOf(task: "discover" | "track", { status }: BatchChange): number | undefined {
  return task === "discover" ? status?.discovery?.settled : status?.tracking?.settled;
}

/** Number of the next Job, which no Job that is there has. */
export function nextNumber(task: Task, owner: string, jobs: readonly ObservedTask[], owners: TaskOwners): number {
  const numbers = jobs.filter((job) => job.task === task && job.owner === owner).map(({ number }) => number);
  return Math.max(settledNumber(task, owner, owners), ...numbers) + 1;
}
