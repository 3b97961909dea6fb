import type { Followed, Reason, TrackingStatus, TrackResult } from "@codybatch/crds";
import type { Observed } from "../observed.ts";
import { endingOfTask, type TaskEnd } from "../task/overdue.ts";
import { isTaskSettled } from "../task/settled.ts";
import { tasksOf, type ObservedTask } from "../task/task.ts";

/** How the looks stand whose end is not in the stored status. Several Jobs are one look: one asks one host. */
export interface Look {
  /** What they say of each Changeset, by its name. */
  readonly followed: ReadonlyMap<string, Followed>;
  /** Undefined: nothing was ever looked at. */
  readonly status: TrackingStatus | undefined;
  /** Some of them have not ended. */
  readonly runs: boolean;
  /** When time alone lets one of them end. */
  readonly until: Date | undefined;
}

/** What ended track Jobs have seen, and the status of tracking once all of them have ended. */
export function lookOf(observed: Observed): Look {
  const { batch, changesets, tasks } = observed;
  const open = tasksOf(tasks, "track", batch.metadata.uid).filter((job) => !isTaskSettled(job, { batch, changesets }));
  const ends = open.map((job) => ({ job, end: endingOfTask(job, observed) }));
  const results = ends.flatMap(({ end }) => (end.kind === "Ended" && end.result.task === "track" ? [end.result] : []));
  const runs = ends.some(({ end }) => end.kind === "Running" || end.kind === "Settling");
  const waits = ends.flatMap(({ end }) => ("until" in end ? [end.until] : []));
  return {
    followed: new Map(results.flatMap((result) => newsOf(result, observed).map((one) => [one.changeset, one] as const))),
    status: ends.length === 0 || runs ? batch.status?.tracking : settledStatus(ends, results, observed.now),
    runs,
    until: waits.toSorted((left, right) => Number(left) - Number(right))[0],
  };
}

/** What is newer than what a publish Job has done or is doing, whose own word counts: a look is told again and again until its end is in status. */
function newsOf({ pullRequests, startedAt }: TrackResult, { tasks }: Observed): readonly Followed[] {
  const published = new Set(
    tasks.jobs
      .filter(({ task, finishedAt }) => task === "publish" && (finishedAt === undefined || endedBy(finishedAt) >= Date.parse(startedAt)))
      .map(({ changeset }) => changeset),
  );
  return pullRequests.filter(({ changeset }) => !published.has(changeset));
}

/** A Job's times are cut to whole seconds. */
function endedBy(finishedAt: string): number {
  return Date.parse(finishedAt) + 1000;
}

interface JobEnd {
  readonly job: ObservedTask;
  readonly end: TaskEnd;
}

function settledStatus(ends: readonly JobEnd[], results: readonly TrackResult[], now: Date): TrackingStatus {
  const held = results
    .flatMap(({ outcome }) => (outcome.kind === "RateLimited" ? [outcome.until] : []))
    .toSorted()
    .at(-1);
  const lost = ends.some(({ end }) => end.kind === "Lost");
  const times = results.map(({ finishedAt }) => finishedAt).toSorted();
  return {
    settled: Math.max(...ends.map(({ job }) => job.number)),
    // Of a Job that told nothing only its end counts, so that the next one comes no sooner than usual.
    lookedAt: lost ? now.toISOString() : (times.at(-1) ?? now.toISOString()),
    ...(held === undefined ? {} : { heldUntil: held }),
    ...faultOf(ends),
  };
}

/** The worst that happened: what a person has to act on first. */
function faultOf(ends: readonly JobEnd[]): Partial<Fault> {
  const faults = ends.flatMap(({ end }) =>
    end.kind === "Lost" ? [told("JobLost", end.message)] : end.kind === "Ended" ? ofResult(end) : [],
  );
  return faults.toSorted((left, right) => rank(left.reason) - rank(right.reason))[0] ?? {};
}

function ofResult({ result }: Extract<TaskEnd, { kind: "Ended" }>): readonly Fault[] {
  if (result.task !== "track") return [];
  const { outcome } = result;
  if (outcome.kind === "Refused") return [told(outcome.reason, outcome.message)];
  if (outcome.kind === "RateLimited") return [told("RateLimited", outcome.message)];
  if (outcome.kind === "Unavailable") return [told("HostUnavailable", outcome.message)];
  const hidden = result.pullRequests.find((one) => one.kind === "Refused");
  return hidden?.kind === "Refused" ? [told("PermissionMissing", hidden.message)] : [];
}

/** Reasons that pass by themselves; all others need a person. */
export const passing: readonly string[] = ["RateLimited", "HostUnavailable", "JobLost"];

function rank(reason: Reason): number {
  return passing.includes(reason) ? 1 : 0;
}

interface Fault {
  readonly reason: Reason;
  readonly message: string;
}

function told(reason: Reason, message: string): Fault {
  return { reason, message: message.slice(0, 1024) };
}
