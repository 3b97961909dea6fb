import { afterEach, beforeEach, expect, test } from "vitest";

import { Bench, container, recording, statusOf, until } from "./testing/bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const note = (text: string): string => `echo ${text} >> "$CODYBATCH_RESULTS_DIR/order"`;
const sidecar = (script: string): Record<string, unknown> => recording("recorder", script, { restartPolicy: "Always" });

test("the sidecar runs first and ends last, init containers run in order, then the main container", async () => {
  await bench.start();
  await bench.createJob("order", {
    initContainers: [
      sidecar(`trap '${note("sidecar-ends")}; exit 0' TERM; ${note("sidecar")}; while :; do sleep 0.05; done`),
      recording("clone", `while ! [ -s "$CODYBATCH_RESULTS_DIR/order" ]; do sleep 0.02; done; ${note("clone")}`),
      recording("second", note("second")),
    ],
    containers: [recording("agent", note("agent"))],
  });
  const job = await bench.jobWith("order", "Complete");
  expect(bench.result("order").trim().split("\n")).toEqual(["sidecar", "clone", "second", "agent", "sidecar-ends"]);
  expect(job.status).toMatchObject({ succeeded: 1, ready: 0, terminating: 0 });
  expect(job.status.completionTime).toBeDefined();
  const pod = await bench.podIn("Succeeded");
  expect(statusOf(pod, "agent").state).toMatchObject({ terminated: { exitCode: 0, reason: "Completed" } });
  expect(statusOf(pod, "recorder").state).toMatchObject({ terminated: { exitCode: 0 } });
  expect(pod.spec.nodeName).toBe("local");
});

test("a container that fails fails the Job, and its last words are in the pod's status", async () => {
  await bench.start();
  const script = 'printf "out of luck" > "$CODYBATCH_TERMINATION_DIR/termination-log"; exit 42';
  await bench.createJob("fails", {
    containers: [container("agent", script, { env: [{ name: "CODYBATCH_TERMINATION_DIR", value: "/dev" }] })],
  });
  const job = await bench.jobWith("fails", "Failed");
  expect(job.status.failed).toBe(1);
  expect(job.status.conditions).toContainEqual(expect.objectContaining({ type: "Failed", reason: "BackoffLimitExceeded" }));
  const pod = await bench.podIn("Failed");
  expect(statusOf(pod, "agent").state).toMatchObject({ terminated: { exitCode: 42, reason: "Error", message: "out of luck" } });
});

test("a failing init container fails the pod before the main container starts", async () => {
  await bench.start();
  await bench.createJob("init", { initContainers: [recording("clone", "exit 3")], containers: [recording("agent", note("agent"))] });
  await bench.jobWith("init", "Failed");
  expect(bench.result("order")).toBe("");
});

test("a sidecar that dies is started again while the pod lives", async () => {
  await bench.start();
  await bench.createJob("restart", {
    initContainers: [sidecar(`${note("sidecar")}; [ $(wc -l < "$CODYBATCH_RESULTS_DIR/order") -ge 3 ] && exec sleep 60; exit 1`)],
    containers: [recording("agent", `while [ $(wc -l < "$CODYBATCH_RESULTS_DIR/order") -lt 3 ]; do sleep 0.05; done`)],
  });
  await bench.jobWith("restart", "Complete");
  expect(statusOf(await bench.podIn("Succeeded"), "recorder").restartCount).toBe(2);
});

test("what a container leaves running in its group ends with it", async () => {
  await bench.start();
  await bench.createJob("leftover", { containers: [recording("agent", 'sleep 300 & echo $! > "$CODYBATCH_RESULTS_DIR/pid"')] });
  await bench.jobWith("leftover", "Complete");
  const pid = Number(bench.result("pid"));
  expect(pid).toBeGreaterThan(1);
  await until("the end of the left process", () => (isAlive(pid) ? undefined : true));
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
