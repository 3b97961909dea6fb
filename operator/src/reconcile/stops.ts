import type { Observed, ObservedJob, StopReason } from "./observed.ts";
import { hasEnded, isLost } from "./pods.ts";
import { toolboxGivenUpAt } from "./toolbox.ts";
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
  if (open.try.stop !== undefined) return open.try.stop;
  if (hasLostPod(job, observed)) return "NodeLost";
  return hasDeadToolbox(job, observed) ? "ToolboxUnavailable" : undefined;
}

/** One that was given up, or whose node fell silent after its result was stored, would hold its slot for ever. */
function whySettledStops(job: ObservedJob, { attempts }: Work, observed: Observed): StopReason | undefined {
  const attempt = attempts.find(({ job: name }) => name === job.name);
  if (hasLostPod(job, observed)) return "NodeLost";
  if (attempt?.outcome === "Cancelled") return "Superseded";
  return attempt !== undefined && hasOtherPod(job, attempt.pod, observed) ? "SecondPod" : undefined;
}

/** A pod that came after the end of the try: nobody waits for its result. */
function hasOtherPod({ uid }: ObservedJob, first: string | undefined, { pods }: Observed): boolean {
  return pods.some((pod) => pod.jobUID === uid && pod.name !== first && !hasEnded(pod));
}

function hasDeadToolbox({ uid }: ObservedJob, { pods, settings, now }: Observed): boolean {
  const moments = pods.filter(({ jobUID }) => jobUID === uid).map((pod) => toolboxGivenUpAt(pod, settings.timings));
  return moments.some((moment) => moment !== undefined && moment <= now);
}

function hasLostPod({ uid }: ObservedJob, { pods, settings, now }: Observed): boolean {
  return pods.some((pod) => pod.jobUID === uid && isLost(pod, settings.timings, now));
}
