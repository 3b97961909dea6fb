import type { TaskResult } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { defaultTimings } from "../settings.ts";
import { taskEnding } from "./ending.ts";
import type { ObservedTask, ObservedTasks, TaskPod } from "./task.ts";

const now = new Date("2026-03-02T09:10:00Z");
const at = (seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();

const job: ObservedTask = {
  namespace: "team-a",
  name: "node-24-track-1",
  uid: "uid-job",
  task: "track",
  number: 1,
  batchChange: "node-24",
  owner: "uid-batch",
  subject: "",
  createdAt: at(-300),
  suspended: false,
  deleting: false,
};
const pod: TaskPod = {
  namespace: "team-a",
  name: "node-24-track-1-x",
  uid: "uid-pod",
  jobUID: "uid-job",
  batchChange: "node-24",
  createdAt: at(-299),
  ended: false,
};
const result: TaskResult = {
  version: 1,
  task: "track",
  outcome: { kind: "Tracked" },
  pullRequests: [],
  requests: 1,
  startedAt: at(-290),
  finishedAt: at(-280),
};

interface Case {
  readonly job?: Partial<ObservedTask>;
  readonly pod?: Partial<TaskPod>;
  readonly runs?: ObservedTasks["runs"];
}

function ending(given: Case) {
  const pods = given.pod === undefined ? [] : [{ ...pod, ...given.pod }];
  const one = { ...job, ...given.job };
  return taskEnding(one, { jobs: [one], pods, runs: given.runs ?? [] }, defaultTimings, now);
}

describe("the end of a task's Job", () => {
  const told = { job: job.name, pod: pod.name, ref: `${pod.name}-result` };

  it("is there as soon as its result is, also while the pod runs", () => {
    expect(ending({ pod: {}, runs: [{ ...told, result }] })).toEqual({ kind: "Ended", result, ref: told.ref });
  });

  it("is not read from a result of another task", () => {
    expect(ending({ job: { task: "discover" }, pod: {}, runs: [{ ...told, result }] })).toEqual({ kind: "Running" });
  });

  it("is awaited while it has no pod, or one that runs, and says why that one waits", () => {
    expect(ending({})).toEqual({ kind: "Running" });
    expect(ending({ pod: { waits: "0/1 nodes are available" } })).toEqual({ kind: "Running", waits: "0/1 nodes are available" });
  });

  it("waits for the records of a pod that has ended, and is lost when they do not come", () => {
    expect(ending({ job: { finishedAt: at(-60) }, pod: { ended: true } })).toEqual({ kind: "Settling", until: new Date(at(60)) });
    expect(ending({ job: { finishedAt: at(-120) }, pod: { ended: true } })).toMatchObject({ kind: "Lost" });
  });

  it("is lost at once when its result cannot be read", () => {
    const runs = [{ ...told, unreadable: "no JSON" }];
    expect(ending({ job: { finishedAt: at(-1) }, pod: { ended: true }, runs })).toMatchObject({
      kind: "Lost",
      message: expect.stringContaining("no JSON"),
    });
  });

  it("comes to a Job that is stopped or deleted when its pod is gone", () => {
    expect(ending({ job: { suspended: true }, pod: {} })).toEqual({ kind: "Running" });
    expect(ending({ job: { suspended: true } })).toMatchObject({ kind: "Lost" });
    expect(ending({ job: { deleting: true } })).toMatchObject({ kind: "Lost" });
  });
});
