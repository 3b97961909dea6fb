import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";

import { signal } from "./container/identity.ts";
import { LockedError } from "./disk/lock.ts";
import { Bench, recording, statusOf, until } from "./testing/bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const note = (text: string): string => `echo ${text} >> "$CODYBATCH_RESULTS_DIR/order"`;
const untilFile = (file: string): string => `while ! [ -e "$CODYBATCH_RESULTS_DIR/${file}" ]; do sleep 0.05; done`;
const lines = (): string[] =>
  bench
    .result("order")
    .split("\n")
    .filter((line) => line !== "");

async function running(count: number): Promise<void> {
  await until(`${count} lines`, () => (lines().length >= count ? true : undefined));
}

test("a process runner killed with -9 leaves the pod running; the next one adopts it and reports its exit code", async () => {
  const first = bench.spawn();
  await bench.createJob("adopted", {
    initContainers: [
      recording("recorder", `trap 'exit 0' TERM; ${note("recorder")}; while :; do sleep 0.05; done`, { restartPolicy: "Always" }),
    ],
    containers: [recording("agent", `${note("agent")}; ${untilFile("go")}; exit 7`)],
  });
  await running(2);
  await bench.podIn("Running");
  await bench.kill(first);
  expect(bench.livingProcesses()).toHaveLength(2);
  await bench.start();
  expect(bench.livingProcesses()).toHaveLength(2);
  bench.write("go", "");
  await bench.jobWith("adopted", "Failed");
  expect(statusOf(await bench.podIn("Failed"), "agent").state).toMatchObject({ terminated: { exitCode: 7 } });
  expect(lines()).toEqual(["recorder", "agent"]);
});

test("an exit while no process runner ran is reported by the next one", async () => {
  const first = bench.spawn();
  await bench.createJob("meanwhile", { containers: [recording("agent", `${note("agent")}; sleep 0.3; exit 5`)] });
  await running(1);
  await bench.kill(first);
  await until("the process to end", () => (bench.livingProcesses().length === 0 ? true : undefined));
  await bench.start();
  await bench.jobWith("meanwhile", "Failed");
  expect(statusOf(await bench.podIn("Failed"), "agent").state).toMatchObject({ terminated: { exitCode: 5 } });
});

test("a container whose process and supervisor vanished is reported as lost with exit code 137", async () => {
  await bench.start();
  await bench.createJob("vanished", { containers: [recording("agent", `${note("agent")}; sleep 60`)] });
  await running(1);
  await bench.podIn("Running");
  for (const pid of bench.livingProcesses()) signal(-pid, "SIGKILL");
  await bench.jobWith("vanished", "Failed");
  const { state } = statusOf(await bench.podIn("Failed"), "agent");
  expect(state).toMatchObject({ terminated: { exitCode: 137, reason: "Error", message: "lost" } });
});

test("a process that outlives its supervisor is ended and reported as lost", async () => {
  await bench.start();
  await bench.createJob("orphan", {
    containers: [recording("agent", `echo $$ > "$CODYBATCH_RESULTS_DIR/pid"; ${note("agent")}; sleep 60`)],
  });
  await running(1);
  await bench.podIn("Running");
  const [supervisor] = bench.livingProcesses();
  signal(supervisor ?? 0, "SIGKILL");
  await bench.jobWith("orphan", "Failed");
  await until("the process to end", () => (signal(Number(bench.result("pid")), 0) ? undefined : true));
  expect(statusOf(await bench.podIn("Failed"), "agent").state).toMatchObject({ terminated: { message: "lost" } });
});

test.each<[string, (pods: string, uid: string) => void]>([
  ["folder is gone", (pods) => rmSync(pods, { recursive: true })],
  ["state cannot be read", (pods, uid) => writeFileSync(join(pods, uid, "state.json"), "{")],
])("a pod whose %s fails as NodeLost", async (_, damage) => {
  const first = bench.spawn();
  await bench.createJob("gone", { containers: [recording("agent", `${note("agent")}; sleep 60`)] });
  await running(1);
  const { metadata } = await bench.podIn("Running");
  await bench.kill(first);
  for (const pid of bench.livingProcesses()) signal(-pid, "SIGKILL");
  damage(join(bench.dir, "pods"), metadata.uid);
  await bench.start();
  await bench.jobWith("gone", "Failed");
  expect((await bench.podIn("Failed")).status["reason"]).toBe("NodeLost");
});

test("a pod removed while no process runner ran is ended by the next one, and its folder goes", async () => {
  const first = bench.spawn();
  await bench.createJob("removed", { terminationGracePeriodSeconds: 1, containers: [recording("agent", `${note("agent")}; sleep 60`)] });
  await running(1);
  const pod = await bench.podIn("Running");
  await bench.kill(first);
  await bench.deletePod(pod, 0);
  await bench.start();
  await bench.jobWith("removed", "Failed");
  await until("the folder to go", () => (readdirSync(join(bench.dir, "pods")).length === 0 ? true : undefined));
  expect(bench.livingProcesses()).toEqual([]);
});

test("a second process runner on the same folder is refused", async () => {
  await bench.start();
  await expect(bench.start()).rejects.toThrow(LockedError);
  const second = bench.spawn();
  let words = "";
  second.stderr?.on("data", (chunk: Buffer) => (words += chunk.toString()));
  const [code] = await once(second, "exit");
  expect(code).toBe(2);
  expect(words).toContain(`another process runner (process ${process.pid}) works in ${bench.dir}`);
});

test("SIGTERM leaves the pod running and frees the folder", async () => {
  const first = bench.spawn();
  await bench.createJob("left", { containers: [recording("agent", `${note("agent")}; ${untilFile("go")}`)] });
  await running(1);
  await bench.podIn("Running");
  const ended = once(first, "exit");
  first.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  expect(bench.livingProcesses()).toHaveLength(1);
  await bench.start();
  expect(JSON.parse(readFileSync(join(bench.dir, "processes.json"), "utf8"))).toMatchObject({ pid: process.pid });
});

test("killed with -9 at each of its requests in turn, nothing is started twice and nothing is lost", async () => {
  await bench.close();
  const counter = { left: Infinity, onZero: (): void => undefined };
  bench = await Bench.open(({ watch }) => {
    if (watch) return undefined;
    counter.left -= 1;
    if (counter.left !== 0) return undefined;
    counter.onZero();
    return { kind: "reset", commitFirst: true };
  });
  const numbers = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
  for (const number of numbers) {
    await createThreePartJob(`job-${number}`);
    counter.left = Infinity;
    const runner = bench.spawn();
    const died = once(runner, "exit");
    counter.onZero = () => runner.kill("SIGKILL");
    counter.left = number;
    await died;
  }
  counter.left = Infinity;
  await bench.start();
  for (const number of numbers) expect((await bench.jobWith(`job-${number}`, "Complete")).status.succeeded).toBe(1);
  const parts = numbers.flatMap((number) => ["recorder", "clone", "agent"].map((part) => `job-${number}-${part}`));
  expect(lines().toSorted()).toEqual(parts.toSorted());
  expect(await bench.pods()).toHaveLength(numbers.length);
});

test("killed with -9 at any moment while it starts containers, nothing is started twice and nothing is lost", async () => {
  const names = Array.from({ length: 4 }, (_, index) => `job-${index}`);
  for (const name of names) await createThreePartJob(name);
  for (let milliseconds = 40; milliseconds < 400; milliseconds += 60) {
    const runner = bench.spawn();
    await bench.holds(runner);
    await delay(milliseconds);
    await bench.kill(runner);
  }
  await bench.start();
  for (const name of names) await bench.jobWith(name, "Complete");
  const parts = names.flatMap((name) => ["recorder", "clone", "agent"].map((part) => `${name}-${part}`));
  expect(lines().toSorted()).toEqual(parts.toSorted());
});

async function createThreePartJob(name: string): Promise<void> {
  const recorder = `trap 'exit 0' TERM; ${note(`${name}-recorder`)}; while :; do sleep 0.05; done`;
  await bench.createJob(name, {
    initContainers: [
      recording("recorder", recorder, { restartPolicy: "Always" }),
      recording("clone", `${note(`${name}-clone`)}; sleep 0.1`),
    ],
    containers: [recording("agent", `${note(`${name}-agent`)}; sleep 0.2`)],
  });
}
