import type { Observed } from "../observed.ts";
import { after } from "../pods.ts";
import type { Timings } from "../settings.ts";
import { taskEnding, type TaskEnding } from "./ending.ts";
import type { ObservedTask } from "./task.ts";

/** Like {@link TaskEnding}, and Running says until when it is waited for. */
export type TaskEnd =
  | Exclude<TaskEnding, { kind: "Running" }>
  | { readonly kind: "Running"; readonly waits?: string; readonly until: Date };

/** The end of a Job that only looks at a host: one that takes far too long, on a lost node or without room for its pod, is given up, for looking again harms nothing. */
export function endingOfTask(job: ObservedTask, { tasks, settings, now }: Pick<Observed, "tasks" | "settings" | "now">): TaskEnd {
  const end = taskEnding(job, tasks, settings.timings, now);
  if (end.kind !== "Running") return end;
  const until = givenUpAt(job, settings.timings);
  if (now < until) return { ...end, until };
  return { kind: "Lost", message: end.waits === undefined ? "its pod did not end in time" : `its pod did not start: ${end.waits}` };
}

function givenUpAt({ createdAt }: ObservedTask, { task, backstop, nodeLost }: Timings): Date {
  return after(createdAt, task + backstop + nodeLost);
}
