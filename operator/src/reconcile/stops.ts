import type { Observed, ObservedJob, StopReason } from "./observed.ts";
import { isLost } from "./pods.ts";
import { isSettled } from "./try.ts";
import type { Action } from "./wish.ts";
import type { Work } from "./work.ts";

/**
 * Jobs to suspend: their pods get their grace, the Job stays until its result is in status. A Job is never resumed, because
 * suspend and resume starts a second pod that no counter shows; a Job that has one is stopped too.
 */
export function stopsOf(work: Work, observed: Observed): readonly Action[] {
  return work.jobs.flatMap((job): Action[] => {
    if (job.suspended || job.finished !== undefined) return [];
    const because = isSettled(job, work.attempts) ? whySettledStops(job, work, observed) : whyOpenStops(job, work, observed);
    return because === undefined ? [] : [{ kind: "SuspendJob", name: job.name, uid: job.uid, because }];
  });
}

function whyOpenStops(job: ObservedJob, { open }: Work, observed: Observed): StopReason | undefined {
  if (open?.try.job?.uid !== job.uid) return undefined;
  return open.try.stop ?? (hasLostPod(job, observed) ? "NodeLost" : undefined);
}

/** One that was given up, or whose node fell silent after its result was stored, would hold its slot for ever. */
function whySettledStops(job: ObservedJob, { attempts }: Work, observed: Observed): StopReason | undefined {
  const isCancelled = attempts.some(({ job: name, outcome }) => name === job.name && outcome === "Cancelled");
  if (hasLostPod(job, observed)) return "NodeLost";
  return isCancelled ? "Superseded" : undefined;
}

function hasLostPod({ uid }: ObservedJob, { pods, settings, now }: Observed): boolean {
  return pods.some((pod) => pod.jobUID === uid && isLost(pod, settings.timings, now));
}
