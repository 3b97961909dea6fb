import { annotation, ClosePullRequest, DiscoverInput, PublishInput, TrackInput, type TaskResult } from "@codybatch/crds";
import { z } from "zod";
import type { ObservedRecord } from "../observed.ts";
import { slimTask } from "../task/slim.ts";
import type { ObservedTask, ObservedTasks, TaskPod } from "../task/task.ts";
import type { Action, CreateTask } from "../wish.ts";

const Input = z.union([ClosePullRequest, PublishInput, DiscoverInput, TrackInput]);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A Job that publishes, discovers or tracks, with its pod and what that has stored. */
export interface WorldTask {
  readonly job: Mutable<ObservedTask>;
  readonly input: z.infer<typeof Input>;
  /** `namespace/name` of its BatchChange. */
  readonly batch: string;
  readonly pod: Mutable<TaskPod>;
  result: TaskResult | undefined;
  /** The Job's object is gone. */
  gone: boolean;
  /** What was stored is gone. */
  isPruned: boolean;
}

/** The tasks' Jobs of a world of plain values. Tests and hosts play their pods. */
export class TaskJobs {
  /** In the order of their creation, deleted ones included. */
  readonly all: WorldTask[] = [];

  /** Of one batch, as far as the API server still has them. */
  of(batch: string): readonly WorldTask[] {
    return this.all.filter((one) => one.batch === batch && !one.gone);
  }

  /** Does what the API server would do at this write. */
  apply(batch: string, action: Action, now: Date): void {
    if (action.kind === "CreateTask") this.#create(batch, action, now);
    if (action.kind !== "SuspendTask" && action.kind !== "DeleteTask" && action.kind !== "DeleteConfigMap") return;
    for (const one of this.all) {
      if (action.kind === "SuspendTask" && one.job.uid === action.uid) one.job.suspended = true;
      if (action.kind === "DeleteTask" && one.job.uid === action.uid) one.gone = true;
      if (action.kind === "DeleteConfigMap" && recordUID(one) === action.uid) one.isPruned = true;
    }
  }

  #create(batch: string, { name, manifest }: CreateTask, now: Date): void {
    if (this.all.some(({ job, gone }) => !gone && job.name === name)) throw new Error(`the Job ${name} is created a second time`);
    const number = this.all.length;
    const createdAt = now.toISOString();
    const uid = `uid-${name}-${number}`;
    const job = slimTask({
      metadata: { ...manifest.metadata, uid, resourceVersion: "1", creationTimestamp: createdAt },
      spec: {},
      status: {},
    })!;
    const input = Input.parse(JSON.parse(manifest.spec.template.metadata.annotations[annotation.input]!));
    const { namespace, batchChange } = job;
    const pod = { namespace, name: `${name}-p${number}`, uid: `${uid}-pod`, jobUID: uid, batchChange, createdAt, ended: false };
    this.all.push({ job, input, batch, pod, result: undefined, gone: false, isPruned: false });
  }

  observed(batch: string): ObservedTasks {
    const own = this.of(batch);
    return {
      jobs: own.map(({ job }) => ({ ...job })),
      pods: own.map(({ pod }) => ({ ...pod })),
      runs: own.flatMap(({ job, pod, result }) =>
        result === undefined ? [] : [{ job: job.name, pod: pod.name, ref: `${pod.name}-result`, result }],
      ),
    };
  }

  /** Metadata of what the recorders have stored and nobody has deleted. */
  recordsOf(batch: string): readonly ObservedRecord[] {
    return this.all.filter((one) => one.batch === batch && one.result !== undefined && !one.isPruned).map(recordOf);
  }

  /** The pod ends, with this result or without any. */
  finish(task: WorldTask, result: TaskResult | undefined, now: Date): void {
    task.result = result;
    task.pod.ended = true;
    task.job.finishedAt = now.toISOString();
  }

  /** The batch is deleted, and all that it owns. */
  forget(batch: string): void {
    for (const one of this.all.filter((each) => each.batch === batch)) [one.gone, one.isPruned] = [true, true];
  }
}

function recordUID({ pod }: WorldTask): string {
  return `${pod.uid}-result`;
}

function recordOf(one: WorldTask): ObservedRecord {
  const { job, pod } = one;
  const { namespace, batchChange, changeset, owner, createdAt } = job;
  const base = { namespace, name: `${pod.name}-result`, uid: recordUID(one), role: "result", batchChange, createdAt };
  return { ...base, ...(changeset !== undefined && { changeset }), podUID: pod.uid, bytes: 500, owners: [owner] };
}
