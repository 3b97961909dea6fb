import type { RunProgress, RunRecord, RunResult } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import type { ObservedContainer, ObservedJob, ObservedPod, ObservedRun } from "./observed.ts";
import { endingOf } from "./outcome.ts";
import { defaultTimings } from "./settings.ts";
import type { Try } from "./try.ts";

const now = new Date("2026-03-02T10:00:00Z");
const ago = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();
const reserved = 2_000_000_000;

const job: ObservedJob = {
  namespace: "team-a",
  name: "node-24-0123456789-0-0",
  uid: "job",
  batchChange: "node-24",
  changeset: "node-24-0123456789",
  owner: "cset",
  attempt: 0,
  try: 0,
  createdAt: ago(3600),
  suspended: false,
  active: 1,
  deleting: false,
  reservedNanoUSD: reserved,
  inputsHash: "inputs",
  promptName: "node-24-prompt-0",
};
const failedJob: ObservedJob = { ...job, active: 0, finished: { kind: "Failed", reason: "BackoffLimitExceeded", at: ago(60) } };

function podOf(part: Partial<ObservedPod> = {}, agent: Partial<ObservedContainer> = {}): ObservedPod {
  const state = part.phase === "Succeeded" || part.phase === "Failed" ? "Terminated" : "Running";
  return {
    namespace: "team-a",
    name: "pod-a",
    uid: "a",
    jobUID: "job",
    batchChange: "node-24",
    changeset: "node-24-0123456789",
    createdAt: ago(3500),
    phase: "Running",
    graceSeconds: 120,
    containers: [{ name: "agent", state, ...(state === "Terminated" && { exitCode: 0, finishedAt: ago(60) }), ...agent }],
    ...part,
  };
}

const usage = { turns: 2, input: 10, output: 10, cacheRead: 0, cacheWrite: 0, costNanoUSD: 300_000_000 };
const transcript = { refs: [], events: 1, bytes: 1, truncated: false };
const patch = { digest: "sha256:0", baseCommit: "c", tree: "t", bytes: 1, filesChanged: 1, additions: 1, deletions: 0 };
const recordOf = (ended: RunRecord["ended"]): RunRecord => ({ version: 1, ended, transcript, patchRef: "pod-a-patch" });
const progress: RunProgress = { version: 1, turn: 2, activity: "…", usage, inFlightNanoUSD: 50_000_000, updatedAt: ago(60) };

function resultOf(part: Partial<RunResult> = {}): RunResult {
  return {
    version: 1,
    reason: "Reported",
    message: "Done.",
    usage,
    warnings: [],
    startedAt: ago(900),
    finishedAt: ago(70),
    patch,
    ...part,
  };
}

const base = { job: job.name, pod: "pod-a", podUID: "a", hasResult: false, hasLive: false };
const finished = (part: Partial<RunResult> = {}): ObservedRun => ({
  ...base,
  hasResult: true,
  result: resultOf(part),
  record: recordOf("Finished"),
});
const interrupted: ObservedRun = { ...base, hasResult: true, record: recordOf("Interrupted"), progress };
const live: ObservedRun = { ...base, hasLive: true, record: recordOf("Running"), progress };

function tryOf(part: Partial<Try>): Try {
  return {
    name: job.name,
    changeset: job.changeset,
    attempt: 0,
    try: 0,
    job,
    pods: [],
    runs: [],
    reservedNanoUSD: reserved,
    inputsHash: "inputs",
    stop: undefined,
    ...part,
  };
}

function end(part: Partial<Try>): string {
  const ending = endingOf(tryOf(part), defaultTimings, now);
  if (ending.kind !== "Settled") return ending.kind;
  const { outcome, reason, chargedNanoUSD } = ending.attempt;
  return `${outcome} ${reason} $${chargedNanoUSD / 1e9}`;
}

function withToolbox(
  part: Partial<ObservedPod>,
  toolbox: Partial<ObservedContainer> = {},
  agent: Partial<ObservedContainer> = {},
): ObservedPod {
  const pod = podOf(part, agent);
  return { ...pod, containers: [{ name: "toolbox", state: "Terminated", exitCode: 0, ...toolbox }, ...pod.containers] };
}

const evicted = podOf({ phase: "Failed", reason: "Evicted" }, { exitCode: 137 });
const crashed = podOf({ phase: "Failed" }, { exitCode: 1 });
const ended = podOf({ phase: "Succeeded" });

describe("the end of a try", () => {
  it.each<[string, string, Partial<Try>]>([
    // While it runs
    ["Running", "a Job without a pod", {}],
    ["Running", "a running pod", { pods: [podOf()] }],
    ["Running", "a running pod that is being stopped", { pods: [podOf()], stop: "CancelRequested" }],
    ["Running", "a deleting pod within its grace and 5 minutes", { pods: [podOf({ deletingSince: ago(400) })], runs: [live] }],
    // The runner's own word
    ["Reported Reported $0.3", "a stored result, although the pod still runs", { pods: [podOf()], runs: [finished()] }],
    ["Reported Reported $0.3", "a stored result of an evicted pod", { job: failedJob, pods: [evicted], runs: [finished()] }],
    ["Reported Reported $0.3", "a stored result of a cancelled Job", { pods: [ended], runs: [finished()], stop: "CancelRequested" }],
    ["Failed Stuck $0.3", "the agent's own failure", { pods: [ended], runs: [finished({ reason: "Stuck" })] }],
    [
      "Failed SecretMissing $0",
      "a failure before any request",
      {
        pods: [ended],
        runs: [finished({ reason: "SecretMissing", usage: { ...usage, turns: 0, costNanoUSD: undefined } as never })],
      },
    ],
    [
      "InfrastructureFault AgentCrashed $0",
      "an agent that died before it wrote down or asked anything",
      {
        job: failedJob,
        pods: [crashed],
        runs: [{ ...base, hasResult: true, record: { ...recordOf("Interrupted"), transcript: { ...transcript, events: 0 } } }],
      },
    ],
    [
      "InfrastructureFault AgentCrashed $2",
      "an agent that wrote events but whose progress is lost",
      { job: failedJob, pods: [crashed], runs: [{ ...base, hasResult: true, record: recordOf("Interrupted") }] },
    ],
    [
      "Failed Stuck $2",
      "a cost at an unknown price counts whole",
      {
        pods: [ended],
        runs: [finished({ reason: "Stuck", usage: { turns: 1, input: 1, output: 1, cacheRead: 0, cacheWrite: 0 } })],
      },
    ],
    [
      "InfrastructureFault RecorderFailed $0.3",
      "a reported change whose patch was not stored",
      {
        pods: [ended],
        runs: [{ ...finished(), record: { version: 1, ended: "Finished", transcript } }],
      },
    ],
    [
      "Failed ResultUnreadable $2",
      "a result that cannot be read",
      { pods: [ended], runs: [{ ...base, hasResult: true, unreadable: "no JSON" }] },
    ],
    [
      "Reported Reported $0.3",
      "a stored result, however its toolbox ended",
      {
        job: failedJob,
        pods: [withToolbox({ phase: "Failed" }, { state: "Terminated", reason: "OOMKilled", exitCode: 137 })],
        runs: [finished()],
      },
    ],
    // The operator names the cause
    [
      "InfrastructureFault AgentCrashed $0.35",
      "a crashed agent, although its toolbox had no memory left",
      {
        job: failedJob,
        pods: [withToolbox({ phase: "Failed" }, { state: "Terminated", reason: "OOMKilled" }, { exitCode: 1 })],
        runs: [interrupted],
      },
    ],
    [
      "Failed OOMKilled $0.35",
      "an agent that had no memory left",
      { job: failedJob, pods: [withToolbox({ phase: "Failed" }, {}, { exitCode: 137, reason: "OOMKilled" })], runs: [interrupted] },
    ],
    ...["toolbox", "mailbox", "tmp-toolbox"].map((fullVolume): [string, string, Partial<Try>] => [
      "Failed ToolboxUnavailable $0.35",
      `a pod that the node evicted because checks filled ${fullVolume}: they would again`,
      {
        job: failedJob,
        pods: [withToolbox({ phase: "Failed", reason: "Evicted", disruption: "TerminationByKubelet", fullVolume })],
        runs: [interrupted],
      },
    ]),
    [
      "InfrastructureFault Evicted $0.35",
      "a pod that the node evicted because another container filled its volume",
      { job: failedJob, pods: [withToolbox({ phase: "Failed", reason: "Evicted", fullVolume: "git" })], runs: [interrupted] },
    ],
    [
      "Failed ToolboxUnavailable $0",
      "a pod whose toolbox never started",
      {
        job: { ...job, suspended: true, active: 0, suspendedAt: ago(10), stoppedBecause: "ToolboxUnavailable" },
        pods: [withToolbox({ phase: "Failed", deletingSince: ago(20) }, { state: "Waiting" }, { state: "Waiting" })],
        stop: "ToolboxUnavailable",
      },
    ],
    [
      "InfrastructureFault Evicted $0.35",
      "an evicted pod, interrupted in a request",
      { job: failedJob, pods: [evicted], runs: [interrupted] },
    ],
    ["InfrastructureFault Evicted $2", "an evicted pod that only left -live", { job: failedJob, pods: [evicted], runs: [live] }],
    [
      "InfrastructureFault Evicted $0",
      "an evicted pod whose agent never ran",
      {
        job: failedJob,
        pods: [podOf({ phase: "Failed", reason: "Evicted" }, { state: "Waiting" })],
      },
    ],
    [
      "Cancelled CancelRequested $0",
      "a pod that never had a node, given up when its Job was cancelled",
      {
        job: { ...job, suspended: true, active: 0, suspendedAt: ago(10), stoppedBecause: "CancelRequested" },
        pods: [podOf({ phase: "Failed", containers: [] })],
        stop: "CancelRequested",
      },
    ],
    [
      "Cancelled CancelRequested $2",
      "a pod whose node says nothing of its containers",
      {
        job: { ...job, suspended: true, active: 0, suspendedAt: ago(10), stoppedBecause: "CancelRequested" },
        pods: [podOf({ phase: "Failed", node: "node1", containers: [] })],
        stop: "CancelRequested",
      },
    ],
    [
      "InfrastructureFault Evicted $0.35",
      "a drained pod whose agent exits 0",
      {
        job: { ...failedJob, finished: { kind: "Complete", reason: "", at: ago(60) } },
        pods: [podOf({ phase: "Succeeded", disruption: "EvictionByEvictionAPI" })],
        runs: [interrupted],
      },
    ],
    [
      "InfrastructureFault Preempted $0.35",
      "a preempted pod",
      {
        job: failedJob,
        pods: [podOf({ phase: "Failed", disruption: "PreemptionByScheduler" })],
        runs: [interrupted],
      },
    ],
    [
      "InfrastructureFault PodDeleted $0.35",
      "a pod that somebody deleted",
      {
        job: failedJob,
        pods: [podOf({ phase: "Failed", deletingSince: ago(60) }, { exitCode: 143 })],
        runs: [interrupted],
      },
    ],
    ["InfrastructureFault AgentCrashed $0.35", "an agent that died", { job: failedJob, pods: [crashed], runs: [interrupted] }],
    [
      "InfrastructureFault CloneFailed $0",
      "a clone that died",
      {
        job: failedJob,
        pods: [
          {
            ...podOf({ phase: "Failed" }, { state: "Waiting" }),
            containers: [
              { name: "clone", state: "Terminated", exitCode: 137, finishedAt: ago(60) },
              { name: "agent", state: "Waiting" },
            ],
          },
        ],
      },
    ],
    [
      "Failed OOMKilled $0.35",
      "too little memory, which would happen again",
      {
        job: failedJob,
        pods: [podOf({ phase: "Failed" }, { reason: "OOMKilled", exitCode: 137 })],
        runs: [interrupted],
      },
    ],
    [
      "Failed DeadlineExceeded $0.35",
      "the pod's backstop",
      {
        job: failedJob,
        pods: [podOf({ phase: "Failed", reason: "DeadlineExceeded" })],
        runs: [interrupted],
      },
    ],
    [
      "InfrastructureFault NodeLost $2",
      "a pod that hangs in its deletion",
      {
        pods: [podOf({ deletingSince: ago(420) })],
        runs: [live],
      },
    ],
    [
      "InfrastructureFault NodeLost $2",
      "a node that has been silent for 10 minutes",
      {
        pods: [podOf({ phase: "Unknown", unreachableSince: ago(600) })],
        runs: [live],
      },
    ],
    [
      "Cancelled CancelRequested $0.35",
      "a cancelled Job",
      {
        job: { ...job, suspended: true, active: 0, suspendedAt: ago(10), stoppedBecause: "CancelRequested" },
        runs: [interrupted],
        stop: "CancelRequested",
      },
    ],
    [
      "Cancelled JobSuspended $0.35",
      "a Job that somebody suspended",
      {
        job: { ...job, suspended: true, active: 0, suspendedAt: ago(10) },
        runs: [interrupted],
      },
    ],
    [
      "InfrastructureFault SecondPod $2.35",
      "a second pod, of which nothing is known",
      {
        job: { ...job, suspended: true, active: 0, suspendedAt: ago(10), stoppedBecause: "SecondPod" },
        runs: [interrupted],
        stop: "SecondPod",
      },
    ],
    [
      "Reported Reported $0.65",
      "a result of the first of two pods, once both have ended: what the second spent counts too",
      {
        job: { ...job, suspended: true, active: 0, suspendedAt: ago(10), stoppedBecause: "SecondPod" },
        pods: [ended, podOf({ uid: "b", name: "pod-b", phase: "Failed" })],
        runs: [finished(), { ...interrupted, pod: "pod-b", podUID: "b" }],
        stop: "SecondPod",
      },
    ],
    [
      "Running",
      "a result of the first of two pods, while the second still runs",
      { pods: [ended, podOf({ uid: "b", name: "pod-b" })], runs: [finished()], stop: "SecondPod" },
    ],
    [
      "Running",
      "a result of a first pod that is gone, while the second runs",
      { pods: [podOf({ uid: "b", name: "pod-b" })], runs: [finished()], stop: "SecondPod" },
    ],
    [
      "Running",
      "a pod that was deleted while its Job may make another",
      { pods: [podOf({ phase: "Failed", deletingSince: ago(5) })], runs: [interrupted] },
    ],
    [
      "InfrastructureFault Evicted $0.35",
      "an evicted pod, before its Job knows",
      { pods: [podOf({ phase: "Failed", deletingSince: ago(5), disruption: "EvictionByEvictionAPI" })], runs: [interrupted] },
    ],
    ["InfrastructureFault JobDeleted $0.35", "a Job that somebody deleted", { job: undefined, runs: [interrupted] }],
    // The last resort
    [
      "Failed ApiRejected $0.1",
      "only a termination message",
      {
        job: failedJob,
        pods: [
          podOf(
            { phase: "Failed" },
            { exitCode: 1, termination: { version: 1, reason: "ApiRejected", usage: { ...usage, costNanoUSD: 100_000_000 } } },
          ),
        ],
      },
    ],
    [
      "InfrastructureFault RecorderFailed $0.3",
      "a termination message that speaks of a change nobody stored",
      {
        job: failedJob,
        pods: [podOf({ phase: "Succeeded" }, { termination: { version: 1, reason: "Reported", usage } })],
      },
    ],
    ["Settling", "no trace, for less than 2 minutes", { job: failedJob, pods: [crashed] }],
    [
      "Failed ResultLost $2",
      "no trace after 2 minutes",
      {
        job: failedJob,
        pods: [podOf({ phase: "Failed" }, { exitCode: 1, finishedAt: ago(121) })],
      },
    ],
    ["Settling", "a Job that failed and whose pod is gone", { job: failedJob }],
    ["Failed ResultLost $2", "a Job and a pod that are gone, and no trace", { job: undefined }],
  ])("is %s for %s", (want, _, part) => {
    expect(end(part)).toBe(want);
  });
});

it.each([undefined, 7])("a try's record names the version of the prompts that the runner names: %s", (promptVersion) => {
  const run = finished(promptVersion === undefined ? {} : { promptVersion });
  const ending = endingOf(tryOf({ pods: [ended], runs: [run] }), defaultTimings, now);
  expect(ending.kind === "Settled" && ending.attempt.promptVersion).toBe(promptVersion);
});

describe("the tokens and dollars of a try with two pods", () => {
  const second: ObservedRun = { ...interrupted, pod: "pod-b", podUID: "b" };
  const shown = (runs: readonly ObservedRun[]): unknown => {
    const pods = [ended, podOf({ uid: "b", name: "pod-b", phase: "Failed" })];
    const stopped: ObservedJob = { ...job, suspended: true, active: 0, stoppedBecause: "SecondPod" };
    const ending = endingOf(tryOf({ job: stopped, pods, runs, stop: "SecondPod" }), defaultTimings, now);
    return ending.kind === "Settled" ? ending.attempt.usage : undefined;
  };

  it("are those of both", () => {
    expect(shown([finished(), second])).toEqual({ input: 20, output: 20, cacheRead: 0, cacheWrite: 0, costUSD: "0.60" });
  });

  it("have no dollars where nobody knows those of one", () => {
    const unknown = finished({ usage: { turns: 2, input: 10, output: 10, cacheRead: 0, cacheWrite: 0 } });
    expect(shown([unknown, second])).toEqual({ input: 20, output: 20, cacheRead: 0, cacheWrite: 0 });
  });
});
