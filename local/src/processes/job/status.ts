import type { Job, JobCondition, JobStatus } from "../api/job.ts";
import { timestamp } from "../api/metadata.ts";
import type { Pod } from "../api/pod.ts";
import type { Ledger } from "./ledger.ts";
import { countOf } from "./ledger.ts";

export type Outcome = "running" | "suspended" | "complete" | "failed";

interface Look {
  readonly job: Job;
  readonly outcome: Outcome;
  readonly ledger: Ledger;
  readonly active: readonly Pod[];
  readonly terminating: readonly Pod[];
  readonly now: number;
}

type Wish = Pick<JobCondition, "type" | "status" | "reason" | "message">;

const complete = { reason: "CompletionsReached", message: "Reached expected number of succeeded pods" } as const;
const failed = { reason: "BackoffLimitExceeded", message: "Job has reached the specified backoff limit" } as const;

/** The status as the real controller writes it; counts of 0 are left out, except `ready` and `terminating`. */
export function statusOf(look: Look): JobStatus {
  const { job, ledger, active, terminating, outcome, now } = look;
  const startTime = outcome === "suspended" ? undefined : (job.status.startTime ?? timestamp(now));
  const conditions = merge(job.status.conditions ?? [], wishesOf(look), timestamp(now));
  const hasCompleted = conditions.some(({ type }) => type === "Complete");
  return {
    ...positive("active", active.length),
    ...positive("succeeded", countOf(ledger, "succeeded")),
    ...positive("failed", countOf(ledger, "failed")),
    ready: active.filter(isReady).length,
    terminating: terminating.length,
    ...(startTime === undefined ? {} : { startTime }),
    ...(hasCompleted ? { completionTime: timestamp(now) } : {}),
    ...(conditions.length === 0 ? {} : { conditions }),
  };
}

function positive(key: "active" | "succeeded" | "failed", count: number): JobStatus {
  return count === 0 ? {} : { [key]: count };
}

function isReady(pod: Pod): boolean {
  return pod.status.conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

/** The end is announced at once and made final when no pod is left running. */
function wishesOf({ job, outcome, active, terminating }: Look): readonly Wish[] {
  const isQuiet = active.length + terminating.length === 0;
  const wasSuspended = (job.status.conditions ?? []).some(({ type, status }) => type === "Suspended" && status === "True");
  switch (outcome) {
    case "complete":
      return [condition("SuccessCriteriaMet", complete), ...(isQuiet ? [condition("Complete", complete)] : [])];
    case "failed":
      return [condition("FailureTarget", failed), ...(isQuiet ? [condition("Failed", failed)] : [])];
    case "suspended":
      return [condition("Suspended", { reason: "JobSuspended", message: "Job suspended" })];
    case "running":
      return wasSuspended ? [{ type: "Suspended", status: "False", reason: "JobResumed", message: "Job resumed" }] : [];
  }
}

function condition(type: string, words: { readonly reason: string; readonly message: string }): Wish {
  return { type, status: "True", ...words };
}

function merge(old: readonly JobCondition[], wishes: readonly Wish[], at: string): JobCondition[] {
  const wished = wishes.map((wish) => {
    const before = old.find(({ type }) => type === wish.type);
    return before?.status === wish.status ? before : { ...wish, lastProbeTime: at, lastTransitionTime: at };
  });
  const kept = old.filter(({ type }) => !wishes.some((wish) => wish.type === type));
  return [...kept, ...wished];
}
