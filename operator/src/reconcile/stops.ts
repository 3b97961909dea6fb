import { isLost } from "./pods.ts";
import type { Timings } from "./settings.ts";
import { isSettled } from "./try.ts";
import type { Action } from "./wish.ts";
import type { Work } from "./work.ts";

/**
 * Jobs to suspend: their pods get their grace, the Job stays until its result is in status. A Job is never resumed, because
 * suspend and resume starts a second pod that no counter shows; a Job that has one is stopped too.
 */
export function stopsOf({ open, jobs, attempts }: Work, timings: Timings, now: Date): readonly Action[] {
  const suspend = (name: string, uid: string, because: string): Action => ({ kind: "SuspendJob", name, uid, because });
  const job = open?.try.job;
  if (open !== undefined && job !== undefined && !job.suspended && job.finished === undefined) {
    const because = open.try.stop ?? (open.try.pods.length > 1 ? "SecondPod" : undefined);
    const lost = open.try.pods.some((pod) => isLost(pod, timings, now));
    if (because !== undefined || lost) return [suspend(job.name, job.uid, because ?? "NodeLost")];
  }
  return jobs
    .filter((one) => isSettled(one, attempts) && one.finished === undefined && !one.suspended)
    .filter((one) => attempts.some(({ job: name, reason }) => name === one.name && reason === "NodeLost"))
    .map((one) => suspend(one.name, one.uid, "NodeLost"));
}
