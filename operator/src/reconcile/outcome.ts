import {
  formatUSD,
  type Attempt,
  type ChangeResult,
  type RunPatch,
  type RunResult,
  type RunUsage,
  type StoredPatch,
} from "@codybatch/crds";
import { causeOf, type Cause } from "./causes.ts";
import { chargeOf, knownUsage, podsOf } from "./charge.ts";
import type { ObservedPod, ObservedRun } from "./observed.ts";
import { after, containerOf, hasEnded, isLost, lostAt } from "./pods.ts";
import type { Timings } from "./settings.ts";
import { toolboxMessage } from "./toolbox.ts";
import type { Try } from "./try.ts";

/** The end of a try, ready for status. */
export interface Settlement {
  readonly kind: "Settled";
  readonly attempt: Attempt;
  /** What Claude reported. */
  readonly report?: ChangeResult;
  /** What the runner said for a person. */
  readonly message?: string;
  /** `+12 -3`, also of a change that was not finished. */
  readonly diffStat?: string;
}

export type Ending = { readonly kind: "Running" } | { readonly kind: "Settling"; readonly until: Date } | Settlement;

/**
 * How a try ended, if it has. The runner's own result counts at once, whatever became of the pod afterwards; without one
 * the cause is named when no container runs any more, and ResultLost only when the wait for records is over.
 */
export function endingOf(attempt: Try, timings: Timings, now: Date): Ending {
  const own = attempt.runs.find((run) => run.result !== undefined && run.result.reason !== "Interrupted");
  if (own !== undefined && podsOf(attempt).size < 2) return settle(attempt, own, causeOfResult(own));
  const ended = endOf(attempt, timings, now);
  if (ended === undefined) return { kind: "Running" };
  if (own !== undefined) return settle(attempt, own, causeOfResult(own));
  return settleWithoutResult(attempt, ended, timings, now);
}

function settleWithoutResult(attempt: Try, ended: Date, timings: Timings, now: Date): Ending {
  const unreadable = attempt.runs.find((run) => run.unreadable !== undefined);
  if (unreadable !== undefined) return settle(attempt, unreadable, { outcome: "Failed", reason: "ResultUnreadable" });
  const run = attempt.runs.find((one) => one.hasResult) ?? attempt.runs.find((one) => one.hasLive);
  const cause = causeOfLastWords(attempt) ?? causeOf(attempt, timings, now);
  const nothingToLose = attempt.pods.length > 0 && attempt.pods.every((pod) => hasEnded(pod) && !ranAtAll(pod));
  if (run !== undefined || hasLastWords(attempt) || nothingToLose) return settle(attempt, run, cause);
  const until = after(ended.toISOString(), timings.resultWait);
  if (now < until) return { kind: "Settling", until };
  return settle(attempt, undefined, isExplained(cause) ? cause : { outcome: "Failed", reason: "ResultLost" });
}

/** Nobody wonders where the result is when the operator itself stopped the Job, the node is gone, or nothing could start. */
function isExplained(cause: Cause): boolean {
  return cause.outcome === "Cancelled" || cause.reason === "NodeLost" || cause.reason === "ToolboxUnavailable";
}

function ranAtAll(pod: ObservedPod): boolean {
  return pod.containers.some((container) => container.name === "agent" && container.state !== "Waiting");
}

/** A reported change whose patch was not stored is no result: nobody could read it. */
function causeOfResult({ result, record }: ObservedRun): Cause {
  const reason = result?.reason ?? "InternalError";
  const patchIsMissing = result?.patch !== undefined && record?.patchRef === undefined;
  if (reason === "Reported" && patchIsMissing) return { outcome: "InfrastructureFault", reason: "RecorderFailed" };
  return { outcome: reason === "Reported" ? "Reported" : "Failed", reason };
}

function lastWords(attempt: Try) {
  return attempt.pods.map((pod) => containerOf(pod, "agent")?.termination).find((message) => message !== undefined);
}

function hasLastWords(attempt: Try): boolean {
  return lastWords(attempt) !== undefined;
}

/** The termination message names the agent's own failure. A reported result without its record is not a result: the patch is missing. */
function causeOfLastWords(attempt: Try): Cause | undefined {
  const reason = lastWords(attempt)?.reason;
  if (reason === undefined || reason === "Interrupted") return undefined;
  return reason === "Reported" ? { outcome: "InfrastructureFault", reason: "RecorderFailed" } : { outcome: "Failed", reason };
}

/** Since when no container of the try runs and none will; undefined while one may. */
export function endOf(attempt: Try, timings: Timings, now: Date): Date | undefined {
  if (attempt.pods.some((pod) => !hasEnded(pod) && !isLost(pod, timings, now)) || mayGetPod(attempt)) return undefined;
  const [first, ...rest] = attempt.pods.map((pod) => endOfPod(pod, timings, now));
  if (first !== undefined) return rest.reduce((latest, one) => (one > latest ? one : latest), first);
  return endOfJob(attempt);
}

/** A pod that its own Job deleted, because somebody suspended and resumed it, is followed by another, which no counter of the Job shows. */
function mayGetPod({ job, pods }: Try): boolean {
  const isDeleted = (pod: ObservedPod): boolean => hasEnded(pod) && pod.deletingSince !== undefined && pod.disruption === undefined;
  return job !== undefined && job.finished === undefined && !job.suspended && pods.every(isDeleted);
}

function endOfPod(pod: ObservedPod, timings: Timings, now: Date): Date {
  const moments = pod.containers.flatMap(({ finishedAt }) => (finishedAt === undefined ? [] : [Date.parse(finishedAt)]));
  return lostAt(pod, timings) ?? (moments.length === 0 ? now : new Date(Math.max(...moments)));
}

/** A Job that is gone ended long ago for all we know. */
function endOfJob({ job }: Try): Date | undefined {
  if (job === undefined) return new Date(0);
  if (job.finished !== undefined) return new Date(job.finished.at);
  if (job.suspended && job.active === 0) return new Date(job.suspendedAt ?? job.createdAt);
  return undefined;
}

function settle(attempt: Try, run: ObservedRun | undefined, cause: Cause): Settlement {
  const pod = attempt.pods.find((one) => one.uid === run?.podUID) ?? attempt.pods.at(-1);
  const result = run?.result;
  return {
    kind: "Settled",
    attempt: recordOf(attempt, { pod, run, cause }),
    ...(result?.report !== undefined && { report: withWarnings(result.report, warningsOf(result)) }),
    ...messageOf(result, cause, pod),
    ...diffStatOf(run),
  };
}

function messageOf(result: RunResult | undefined, { reason }: Cause, pod: ObservedPod | undefined): Pick<Settlement, "message"> {
  if (result !== undefined) return { message: result.message };
  return reason === "ToolboxUnavailable" && pod !== undefined ? { message: toolboxMessage(pod) } : {};
}

interface Traces {
  readonly pod: ObservedPod | undefined;
  readonly run: ObservedRun | undefined;
  readonly cause: Cause;
}

function recordOf(attempt: Try, { pod, run, cause }: Traces): Attempt {
  const usage = knownUsage(attempt);
  const patch = storedPatch(run);
  const name = run?.pod ?? pod?.name;
  return {
    attempt: attempt.attempt,
    try: attempt.try,
    job: attempt.name,
    ...(name !== undefined && { pod: name }),
    outcome: cause.outcome,
    reason: cause.reason,
    inputsHash: attempt.inputsHash,
    ...(run?.result?.promptVersion !== undefined && { promptVersion: run.result.promptVersion }),
    ...(usage !== undefined && { usage: shownUsage(usage) }),
    chargedNanoUSD: chargeOf(attempt),
    ...timesOf(attempt, { pod, run }),
    ...(patch !== undefined && { patch }),
    ...(run?.record !== undefined && { transcript: shownTranscript(run.record.transcript) }),
  };
}

function timesOf(attempt: Try, { pod, run }: Pick<Traces, "pod" | "run">): Pick<Attempt, "startedAt" | "finishedAt"> {
  const startedAt = firstOf(run?.result?.startedAt, pod?.startedAt, attempt.job?.createdAt);
  const finishedAt = firstOf(run?.result?.finishedAt, pod === undefined ? undefined : endOfAgent(pod), endWritten(attempt));
  return { ...(startedAt !== undefined && { startedAt }), ...(finishedAt !== undefined && { finishedAt }) };
}

function endOfAgent(pod: ObservedPod): string | undefined {
  return containerOf(pod, "agent")?.finishedAt;
}

function endWritten({ job }: Try): string | undefined {
  return job?.finished?.at ?? job?.suspendedAt;
}

function firstOf(...moments: readonly (string | undefined)[]): string | undefined {
  return moments.find((moment) => moment !== undefined);
}

function diffStatOf(run: ObservedRun | undefined): Pick<Settlement, "diffStat"> {
  const patch = run?.result?.patch ?? run?.progress?.patch;
  return patch === undefined ? {} : { diffStat: `+${patch.additions} -${patch.deletions}` };
}

/** A scripted answer must never pass for Claude's. */
function warningsOf({ warnings, standIn }: RunResult): readonly string[] {
  return standIn === true ? ["StandIn: the answers came from the scripted stand-in, not from Claude", ...warnings] : warnings;
}

function storedPatch(run: ObservedRun | undefined): StoredPatch | undefined {
  const patch: RunPatch | undefined = run?.result?.patch ?? run?.progress?.patch;
  const ref = run?.record?.patchRef;
  if (patch === undefined || ref === undefined) return undefined;
  return { digest: patch.digest, baseCommit: patch.baseCommit, tree: patch.tree, bytes: patch.bytes, ref };
}

function shownTranscript({ refs, events, truncated }: { refs: string[]; events: number; truncated: boolean }) {
  return { refs: refs.slice(-100), events, ...((truncated || refs.length > 100) && { truncated: true }) };
}

/** Tokens and, where known, dollars, as status shows them. */
export function shownUsage(usage: RunUsage) {
  const { input, output, cacheRead, cacheWrite, costNanoUSD } = usage;
  return { input, output, cacheRead, cacheWrite, ...(costNanoUSD !== undefined && { costUSD: formatUSD(costNanoUSD) }) };
}

function withWarnings(report: ChangeResult, warnings: readonly string[]): ChangeResult {
  const all = [...(report.warnings ?? []), ...warnings].map((warning) => warning.slice(0, 256)).slice(0, 20);
  return all.length === 0 ? report : { ...report, warnings: all };
}
