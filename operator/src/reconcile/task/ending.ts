import type { TaskResult } from "@codybatch/crds";
import { after } from "../pods.ts";
import type { Timings } from "../settings.ts";
import type { ObservedTask, ObservedTasks } from "./task.ts";

/** How a task's Job stands. Lost: it ended and told nothing, so that it is simply done again. */
export type TaskEnding =
  | { readonly kind: "Running"; readonly waits?: string }
  | { readonly kind: "Settling"; readonly until: Date }
  | { readonly kind: "Ended"; readonly result: TaskResult; readonly ref: string; readonly isPacked?: true }
  | { readonly kind: "Lost"; readonly message: string };

/** The stored result counts at once, whatever became of the pod afterwards. */
export function taskEnding(job: ObservedTask, { pods, runs }: ObservedTasks, timings: Timings, now: Date): TaskEnding {
  const own = runs.filter((run) => run.job === job.name);
  const told = own.find(({ result }) => result?.task === job.task);
  if (told?.result !== undefined)
    return { kind: "Ended", result: told.result, ref: told.ref, ...(told.isPacked === true && { isPacked: true }) };
  const end = endOfTask(job, pods);
  if (end === undefined) return { kind: "Running", ...waitsOf(job, pods) };
  const unreadable = own.find((run) => run.unreadable !== undefined)?.unreadable;
  if (unreadable !== undefined) return { kind: "Lost", message: `its result cannot be read: ${unreadable}` };
  const until = after(end, timings.resultWait);
  return now < until ? { kind: "Settling", until } : { kind: "Lost", message: "its pod ended and left no result" };
}

/** Since when nothing of it runs; undefined while something may. */
export function endOfTask(job: ObservedTask, pods: ObservedTasks["pods"]): string | undefined {
  const own = pods.filter(({ jobUID }) => jobUID === job.uid);
  if (own.some(({ ended }) => !ended)) return undefined;
  return job.finishedAt ?? (job.suspended || job.deleting ? job.createdAt : undefined);
}

function waitsOf(job: ObservedTask, pods: ObservedTasks["pods"]): { readonly waits?: string } {
  const waits = pods.find(({ jobUID, waits: why }) => jobUID === job.uid && why !== undefined)?.waits;
  return waits === undefined ? {} : { waits };
}
