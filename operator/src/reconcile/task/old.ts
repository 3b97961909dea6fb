import type { Observed, ObservedRecord } from "../observed.ts";
import { after } from "../pods.ts";
import type { Action } from "../wish.ts";
import { endOfTask } from "./ending.ts";
import { isTaskSettled, settledNumber } from "./settled.ts";
import { tasksOf, type ObservedTask } from "./task.ts";

const lookTasks = ["discover", "track"] as const;
type LookTask = (typeof lookTasks)[number];

/** Jobs that looked at a host and may go: their end is in status, and all but the newest, which stays a while for reading. What was given up goes at once. */
export function oldTasks(observed: Observed): readonly Action[] {
  return lookTasks.flatMap((task) =>
    settledTasks(task, observed)
      .filter((job) => !job.deleting && taskKeptUntil(job, observed) <= observed.now)
      .map(({ name, uid }): Action => ({ kind: "DeleteTask", name, uid })),
  );
}

/** When the next of them may go. */
export function oldTasksWake(observed: Observed): readonly Date[] {
  return lookTasks.flatMap((task) => settledTasks(task, observed).map((job) => taskKeptUntil(job, observed)));
}

function settledTasks(task: LookTask, { batch, changesets, tasks }: Observed): readonly ObservedTask[] {
  return tasksOf(tasks, task, batch.metadata.uid).filter((job) => isTaskSettled(job, { batch, changesets }));
}

function taskKeptUntil(job: ObservedTask, observed: Observed): Date {
  const { tasks, settings } = observed;
  const newest = tasksOf(tasks, job.task, job.owner).at(-1);
  const end = endOfTask(job, tasks.pods);
  // Its result may be there a moment before its end.
  const isGivenUp = end === undefined && after(job.createdAt, settings.timings.task + settings.timings.backstop) <= observed.now;
  if (newest !== job || isGivenUp) return new Date(0);
  return after(end ?? observed.now.toISOString(), settings.timings.keepFinished);
}

/** Records of looks that may go: of tracking all but the newest, of discovery all but the answer that counts. */
export function oldTaskRecords(observed: Observed): readonly Action[] {
  const { batch, changesets, records } = observed;
  const owners = { batch, changesets };
  return lookTasks.flatMap((task) => {
    const settled = settledNumber(task, batch.metadata.uid, owners);
    const numbered = records.flatMap((record) => numberedRecord(record, `${batch.metadata.name}-${task}-`));
    const newest = Math.max(0, ...numbered.map(({ number }) => number).filter((number) => number <= settled));
    const kept = (number: number, name: string): boolean =>
      number > settled || (task === "track" ? number === newest : isOfPod(name, batch.status?.discovery?.ref));
    return numbered
      .filter(({ number, record }) => !kept(number, record.name))
      .map(({ record: { name, uid } }): Action => ({ kind: "DeleteConfigMap", name, uid }));
  });
}

interface Numbered {
  readonly record: ObservedRecord;
  readonly number: number;
}

function numberedRecord(record: ObservedRecord, prefix: string): readonly Numbered[] {
  if (record.changeset !== undefined || record.role === "prompt" || !record.name.startsWith(prefix)) return [];
  const number = /^\d+(?=-)/.exec(record.name.slice(prefix.length))?.[0];
  return number === undefined ? [] : [{ record, number: Number(number) }];
}

/** All that the pod stored whose result this is. */
function isOfPod(name: string, ref: string | undefined): boolean {
  return ref !== undefined && name.startsWith(ref.replace(/-result$/, "-"));
}
