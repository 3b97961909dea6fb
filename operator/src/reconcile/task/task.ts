import type { Task, TaskResult } from "@codybatch/crds";

/** A Job that publishes, discovers or tracks, reduced to what decisions need. It may be lost or repeated without harm. */
export interface ObservedTask {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly task: Task;
  /** Counts up for each owner; the greatest is the newest. */
  readonly number: number;
  readonly batchChange: string;
  /** Of a publish Job alone. */
  readonly changeset?: string;
  /** UID of the Changeset, or of the BatchChange, that owns it. */
  readonly owner: string;
  /** What it was made for. */
  readonly subject: string;
  readonly createdAt: string;
  readonly suspended: boolean;
  readonly deleting: boolean;
  /** Set by the conditions Complete and Failed. */
  readonly finishedAt?: string;
}

/** A pod of such a Job. */
export interface TaskPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly jobUID: string;
  readonly batchChange: string;
  readonly createdAt: string;
  /** No container of it runs any more. */
  readonly ended: boolean;
  /** Why it does not start, in the cluster's words. */
  readonly waits?: string;
}

/** What was read live from the record of one pod of such a Job. */
export interface TaskRun {
  readonly job: string;
  readonly pod: string;
  /** Name of the ConfigMap that it was read from. */
  readonly ref: string;
  readonly result?: TaskResult;
  /** It lies there gzipped, because it is long. */
  readonly isPacked?: true;
  /** Why a record that exists cannot be used. */
  readonly unreadable?: string;
}

/** Everything that is known of the tasks of one BatchChange. */
export interface ObservedTasks {
  readonly jobs: readonly ObservedTask[];
  readonly pods: readonly TaskPod[];
  /** Of Jobs whose end is not in status yet. */
  readonly runs: readonly TaskRun[];
}

export const noTasks: ObservedTasks = { jobs: [], pods: [], runs: [] };

/** Jobs of one task and owner, oldest first. */
export function tasksOf({ jobs }: ObservedTasks, task: Task, owner: string): readonly ObservedTask[] {
  return jobs.filter((job) => job.task === task && job.owner === owner).toSorted((left, right) => left.number - right.number);
}
