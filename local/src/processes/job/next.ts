import type { Job, JobStatus } from "../api/job.ts";
import { isFinished } from "../api/job.ts";
import type { Pod } from "../api/pod.ts";
import { isTerminal } from "../api/pod.ts";
import type { Ledger } from "./ledger.ts";
import { countOf, release, track } from "./ledger.ts";
import type { Outcome } from "./status.ts";
import { statusOf } from "./status.ts";

/** What the Job controller does next, in this order: store the ledger, write the status, stop pods, make one. */
export interface JobStep {
  readonly ledger: Ledger;
  readonly status: JobStatus;
  readonly stop: readonly Pod[];
  /** Number of the pod to make, counting from 0 over the Job's whole life. */
  readonly create: number | undefined;
}

interface Present {
  readonly active: readonly Pod[];
  readonly terminating: readonly Pod[];
}

/** Decides for one unfinished Job with one completion; undefined when it has ended. One being deleted only counts its pods. */
export function nextStep(job: Job, pods: readonly Pod[], ledger: Ledger, now: number): JobStep | undefined {
  if (isFinished(job)) return undefined;
  const tracked = track(ledger, pods);
  const present = presentOf(pods);
  const outcome = outcomeOf(job, tracked);
  const stop = outcome === "running" ? [] : present.active;
  const next = outcome === "suspended" ? release(tracked, [...present.active, ...present.terminating]) : tracked;
  const create = outcome === "running" && hasRoom(job, present) ? Object.keys(next).length : undefined;
  const status = statusOf({ job, outcome, ledger: next, now, ...present });
  return { ledger: next, status, stop, create };
}

function presentOf(pods: readonly Pod[]): Present {
  const living = pods.filter((pod) => !isTerminal(pod));
  return {
    active: living.filter((pod) => pod.metadata.deletionTimestamp === undefined),
    terminating: living.filter((pod) => pod.metadata.deletionTimestamp !== undefined),
  };
}

function outcomeOf(job: Job, ledger: Ledger): Outcome {
  if (countOf(ledger, "succeeded") > 0) return "complete";
  if (countOf(ledger, "failed") > job.spec.backoffLimit) return "failed";
  return job.spec.suspend ? "suspended" : "running";
}

/** With `podReplacementPolicy: Failed` a pod is replaced only after it has ended. */
function hasRoom(job: Job, { active, terminating }: Present): boolean {
  if (active.length > 0 || job.metadata.deletionTimestamp !== undefined) return false;
  return job.spec.podReplacementPolicy !== "Failed" || terminating.length === 0;
}
