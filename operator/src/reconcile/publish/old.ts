import type { Observed, ObservedRecord } from "../observed.ts";
import { after } from "../pods.ts";
import { endOfTask } from "../task/ending.ts";
import { tasksOf, type ObservedTask } from "../task/task.ts";
import type { Action } from "../wish.ts";
import type { Work } from "../work.ts";

/** Publish Jobs that may go: those that have been kept long enough after their end became status, and those that do not end. */
export function oldPublishJobs({ changeset }: Work, observed: Observed): readonly Action[] {
  const settled = changeset.status?.publishing?.settled ?? 0;
  return tasksOf(observed.tasks, "publish", changeset.metadata.uid)
    .filter((job) => !job.deleting && goesAt(job, settled, observed) <= observed.now)
    .map(({ name, uid }) => ({ kind: "DeleteTask", name, uid }));
}

/** When the next of them may go. */
export function oldPublishJobsWake({ changeset }: Work, observed: Observed): readonly Date[] {
  const settled = changeset.status?.publishing?.settled ?? 0;
  return tasksOf(observed.tasks, "publish", changeset.metadata.uid).map((job) => goesAt(job, settled, observed));
}

function goesAt(job: ObservedTask, settled: number, { tasks, settings: { timings } }: Observed): Date {
  const { task, backstop, nodeLost, keepFinished } = timings;
  const end = endOfTask(job, tasks.pods);
  const isSettled = end !== undefined && job.number <= settled;
  return isSettled ? after(end, keepFinished) : after(job.createdAt, task + backstop + nodeLost);
}

/** What publish Jobs before the last one have stored. */
export function oldPublishRecords({ changeset }: Work, { records }: Observed): readonly Action[] {
  const settled = changeset.status?.publishing?.settled ?? 0;
  return records
    .filter((record) => record.changeset === changeset.metadata.name && numberOf(record, changeset.metadata.name) < settled)
    .map(({ name, uid }) => ({ kind: "DeleteConfigMap", name, uid }));
}

/** Number of the publish Job that a record belongs to; of any other record no number at all. */
function numberOf({ name }: ObservedRecord, changeset: string): number {
  const prefix = `${changeset}-pr-`;
  const number = name.startsWith(prefix) ? /^\d+(?=-)/.exec(name.slice(prefix.length))?.[0] : undefined;
  return number === undefined ? Infinity : Number(number);
}
