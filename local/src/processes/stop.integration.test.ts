import { afterEach, beforeEach, expect, test } from "vitest";

import { Bench, recording, statusOf, until } from "./testing/bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const note = (text: string): string => `echo ${text} >> "$CODYBATCH_RESULTS_DIR/order"`;
const waits = (name: string): string => `${note(name)}; while :; do sleep 0.05; done`;
const endsWell = (name: string): string => `trap '${note(`${name}-ends`)}; exit 0' TERM; ${waits(name)}`;
const ignoresTerm = (name: string): string => `trap '' TERM; ${waits(name)}`;
const lines = (): string[] =>
  bench
    .result("order")
    .split("\n")
    .filter((line) => line !== "");

async function running(count: number): Promise<void> {
  await until(`${count} lines`, () => (lines().length >= count ? true : undefined));
}

test("a deleted pod gets SIGTERM, main container first, and a Job whose agent exits 0 is complete", async () => {
  await bench.start();
  await bench.createJob("drained", {
    initContainers: [recording("recorder", endsWell("recorder"), { restartPolicy: "Always" })],
    containers: [recording("agent", endsWell("agent"))],
  });
  await running(2);
  await bench.deletePod(await bench.podIn("Running"));
  await bench.jobWith("drained", "Complete");
  expect(lines().slice(2)).toEqual(["agent-ends", "recorder-ends"]);
  await until("the pod to go", async () => ((await bench.pods()).length === 0 ? true : undefined));
});

test("a pod that does not obey SIGTERM is killed after its grace, and its Job failed", async () => {
  await bench.start();
  await bench.createJob("stubborn", {
    initContainers: [recording("recorder", ignoresTerm("recorder"), { restartPolicy: "Always" })],
    containers: [recording("agent", ignoresTerm("agent"))],
  });
  await running(2);
  const since = Date.now();
  await bench.deletePod(await bench.podIn("Running"), 1);
  const job = await bench.jobWith("stubborn", "Failed");
  expect(Date.now() - since).toBeGreaterThanOrEqual(1000);
  expect(job.status.failed).toBe(1);
  await until("the pod to go", async () => ((await bench.pods()).length === 0 ? true : undefined));
  expect(bench.livingProcesses()).toEqual([]);
});

test("a pod past its deadline fails as DeadlineExceeded after its grace", async () => {
  await bench.start();
  await bench.createJob("late", {
    activeDeadlineSeconds: 1,
    terminationGracePeriodSeconds: 1,
    containers: [recording("agent", ignoresTerm("agent"))],
  });
  await bench.jobWith("late", "Failed");
  const pod = await bench.podIn("Failed");
  expect(pod.status["reason"]).toBe("DeadlineExceeded");
  expect(statusOf(pod, "agent").state).toMatchObject({ terminated: { exitCode: 137, reason: "Error" } });
});

test("suspending a Job ends its pod without counting it, resuming makes another", async () => {
  await bench.start();
  await bench.createJob("pause", { containers: [recording("agent", endsWell("agent"))] });
  await running(1);
  await bench.patchJob("pause", { spec: { suspend: true } });
  const suspended = await bench.jobWith("pause", "Suspended");
  expect(suspended.status.startTime).toBeUndefined();
  await until("the pod to go", async () => ((await bench.pods()).length === 0 ? true : undefined));
  const quiet = await bench.job("pause");
  expect([quiet.status.failed, quiet.status.succeeded, quiet.status.active]).toEqual([undefined, undefined, undefined]);
  await bench.patchJob("pause", { spec: { suspend: false } });
  await running(3);
  expect(lines()).toEqual(["agent", "agent-ends", "agent"]);
  const resumed = await bench.job("pause");
  expect(resumed.status.conditions).toContainEqual(expect.objectContaining({ type: "Suspended", status: "False", reason: "JobResumed" }));
});

test("a Job made suspended starts nothing", async () => {
  await bench.start();
  await bench.createJob("asleep", { containers: [recording("agent", note("agent"))] }, { spec: { suspend: true } });
  await bench.jobWith("asleep", "Suspended");
  expect(await bench.pods()).toEqual([]);
});

test("a pod removed by force ends its processes and fails the Job", async () => {
  await bench.start();
  await bench.createJob("forced", { terminationGracePeriodSeconds: 1, containers: [recording("agent", ignoresTerm("agent"))] });
  await running(1);
  await bench.deletePod(await bench.podIn("Running"), 0);
  const job = await bench.jobWith("forced", "Failed");
  expect(job.status.failed).toBe(1);
  await until("the processes to end", () => (bench.livingProcesses().length === 0 ? true : undefined));
});

test("stopAll ends every pod with its grace and says that the machine stops", async () => {
  const processes = await bench.start();
  await bench.createJob("all", {
    initContainers: [recording("recorder", endsWell("recorder"), { restartPolicy: "Always" })],
    containers: [recording("agent", endsWell("agent"))],
  });
  await running(2);
  await processes.stopAll();
  expect(bench.livingProcesses()).toEqual([]);
  expect(lines().slice(2)).toEqual(["agent-ends", "recorder-ends"]);
  const pod = await bench.podIn("Failed");
  expect(pod.status["reason"]).toBe("Terminated");
  expect(pod.status.conditions).toContainEqual(expect.objectContaining({ type: "DisruptionTarget", status: "True" }));
  await bench.jobWith("all", "Failed");
});
