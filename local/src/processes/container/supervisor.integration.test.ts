import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { until } from "../testing/bench.ts";
import { isRunning, signal, startOf } from "./identity.ts";
import { hasBegun, launch, recordedEnd } from "./supervisor.ts";
import type { Launched } from "./supervisor.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "supervisor-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function start(script: string): Promise<Launched> {
  const environment = { PATH: process.env["PATH"] ?? "" };
  const command = ["/bin/sh", "-c", script];
  return launch({ runDir: join(dir, "run-0"), command, environment, cwd: dir, logFile: join(dir, "log"), onExit: () => {} });
}

const end = (): Promise<number> => until("the exit code", async () => (await recordedEnd(join(dir, "run-0")))?.exitCode);
const log = (): string => readFileSync(join(dir, "log"), "utf8");

test.each([
  ["exit 0", 0],
  ["exit 42", 42],
  ["kill -9 $$", 137],
  ["kill -15 $$", 143],
])("%s is recorded as %i", async (script, code) => {
  const { go } = await start(script);
  go();
  expect(await end()).toBe(code);
});

test("SIGTERM reaches the process, also repeatedly, and its own exit code is recorded", async () => {
  const { pid, go } = await start("trap 'echo term; sleep 0.2; exit 9' TERM; echo up; while :; do sleep 0.02; done");
  go();
  await until("the start", () => (log().includes("up") ? true : undefined));
  signal(pid, "SIGTERM");
  await until("the first signal", () => (log().includes("term") ? true : undefined));
  signal(pid, "SIGTERM");
  expect(await end()).toBe(9);
});

test("arguments are passed as they are, never read as shell words", async () => {
  const odd = `a b'"$(touch ${dir}/pwned)\n*`;
  const environment = { PATH: process.env["PATH"] ?? "" };
  const command = ["/usr/bin/printf", "%s", odd];
  const { go } = await launch({ runDir: join(dir, "run-0"), command, environment, cwd: dir, logFile: join(dir, "log"), onExit: () => {} });
  go();
  await end();
  expect(log()).toBe(odd);
  expect(existsSync(join(dir, "pwned"))).toBe(false);
});

test("a supervisor whose spawner died before the word starts nothing", async () => {
  const options = {
    runDir: join(dir, "run-0"),
    command: ["/usr/bin/touch", join(dir, "started")],
    environment: {},
    cwd: dir,
    logFile: join(dir, "log"),
  };
  const code = `
    const { launch } = await import(${JSON.stringify(join(import.meta.dirname, "supervisor.ts"))});
    const { pid } = await launch({ ...${JSON.stringify(options)}, onExit: () => {} });
    console.log(pid);
    process.kill(process.pid, "SIGKILL");`;
  const spawner = spawn(process.execPath, ["--input-type=module-typescript", "-e", code], { stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  spawner.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await once(spawner, "close");
  const pid = Number(output);
  await until("the supervisor's end", () => (startOf(pid) === undefined ? true : undefined));
  expect([pid > 1, hasBegun(join(dir, "run-0")), existsSync(join(dir, "started"))]).toEqual([true, false, false]);
});

test("a process is known by number and start", () => {
  const own = startOf(process.pid);
  expect([isRunning(process.pid, own ?? ""), isRunning(process.pid, "another"), startOf(2 ** 22 + 1)]).toEqual([true, false, undefined]);
});
