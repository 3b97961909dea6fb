import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createSocketServer } from "node:net";
import type { Server } from "node:net";
import { createRequire } from "node:module";
import { join } from "node:path";
import { RunEvent, RunResult } from "@codybatch/crds";
import { makeRepository, makeWorktree } from "../../../../runner/src/git/testing/repository.ts";
import { milliseconds } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { podIn } from "../pod-folder.ts";
import { inFolder, inProject, programOf, readAddress } from "../program.ts";
import { median, quantile } from "../statistics.ts";
import { eventually } from "../../cluster/deadline.ts";
import { startWatchmaker } from "./watchmaker.ts";

/** Every tenth turn writes; what it takes beyond is the patch refresh, which is measured apart. */
const everyWrite = 10;
const files = 200;

interface Turn {
  readonly tools: readonly { readonly name: string; readonly input: object }[];
}

function scriptOf(turns: number): readonly Turn[] {
  const steps = Array.from({ length: turns - 2 }, (_, step): Turn => {
    const write = { name: "write_file", input: { path: `made/${step}.txt`, content: `${step}\n`.repeat(20) } };
    const read = { name: "read_file", input: { path: `file-${step}.txt` } };
    return { tools: [step % everyWrite === everyWrite - 1 ? write : read] };
  });
  const report = { wereChangesNecessary: true, summary: "Made files.", explanation: "As asked." };
  return [...steps, { tools: [{ name: "report_result", input: report }] }];
}

/**
 * What the runner takes itself between an answer's last byte and the next request's last byte, its tools' time taken off, in turns that only
 * read. The whole agent as its own process, the stand-in as another.
 */
export function measureTurns(turns: number): Promise<readonly Figure[]> {
  return inFolder(async (dir) => {
    const between = await runOf(dir, turns);
    const toolTimes = toolsOf(join(dir, "pod", "out", "transcript.jsonl"));
    const own = between.flatMap((ms, index) => {
      const { wrote, ms: toolMs } = toolTimes.get(index + 1) ?? { wrote: true, ms: 0 };
      return wrote ? [] : [Math.max(0, ms - toolMs)];
    });
    const value = `${milliseconds(median(own))}; ${milliseconds(quantile(own, 0.95))}`;
    return [
      { what: `the runner's own time per turn beyond model, tools and patch refresh, p50; p95 (n = ${own.length}; goal 3 ms)`, value },
    ];
  });
}

async function runOf(dir: string, turns: number): Promise<readonly number[]> {
  const { out, env } = await layOut(dir, turns);
  writeFileSync(join(dir, "scenario.yaml"), JSON.stringify({ name: "long", turns: scriptOf(turns) }));
  const args = ["local/src/claude/main.ts", "--dir", dir, "--scenarios", join(dir, "scenario.yaml"), "--port", "0"];
  const standIn = programOf({ name: "claude", dir, args, env: {} });
  try {
    const url = await eventually("the stand-in listens", async () => readAddress(join(dir, "claude.json"), standIn.pid));
    await using watch = await startWatchmaker(url);
    const recorder = await acknowledging(join(out, "recorder.sock"));
    const child = spawn(process.execPath, [inProject("runner/src/main.ts"), "agent"], {
      env: { PATH: process.env["PATH"], ...env, ANTHROPIC_BASE_URL: watch.url },
      stdio: "ignore",
    });
    await once(child, "exit");
    recorder.close();
    demandWhole(out, turns);
    return watch.between;
  } finally {
    await standIn.stop(AbortSignal.abort());
  }
}

function demandWhole(out: string, turns: number): void {
  const { reason, usage } = RunResult.parse(JSON.parse(readFileSync(join(out, "result.json"), "utf8")));
  if (reason !== "Reported" || usage.turns !== turns) throw new Error(`the run ended with ${reason} after ${usage.turns} turns`);
}

async function layOut(dir: string, turns: number): Promise<ReturnType<typeof podIn>> {
  const origin = join(dir, "origin");
  makeRepository(origin, (folder) => {
    for (let index = 0; index < files; index += 1) writeFileSync(join(folder, `file-${index}.txt`), `line ${index}\n`.repeat(20));
  });
  mkdirSync(join(dir, "pod"));
  const pod = podIn(join(dir, "pod"), inputOf(turns));
  const gitDir = join(dir, "pod", "git");
  const { baseCommit, workTree } = await makeWorktree(gitDir, origin);
  writeFileSync(join(gitDir, "base.json"), JSON.stringify({ commit: baseCommit, branch: "main", tree: "" }));
  writeFileSync(join(dir, "pod", "prompt", "prompt"), "Make files.");
  writeFileSync(join(dir, "pod", "anthropic", "api-key"), "stand-in-key");
  const { rgPath } = createRequire(inProject("local/package.json"))("@vscode/ripgrep") as { rgPath: string };
  return { ...pod, env: { ...pod.env, CODYBATCH_WORKSPACE_DIR: workTree, CODYBATCH_RIPGREP: rgPath } };
}

function inputOf(turns: number): object {
  return {
    version: 1,
    namespace: "default",
    batchChange: "bench",
    changeset: { name: "bench-0123456789", uid: "uid" },
    repository: { url: "https://git.example.com/bench/long.git", name: "bench/long", branch: "main" },
    attempt: 0,
    try: 0,
    agent: {
      model: "claude-sonnet-5-5",
      effort: "medium",
      maxTurns: turns + 1,
      maxTokens: 100_000_000,
      maxCostUSD: "50.00",
      timeout: "30m",
      maxCostNanoUSD: 50e9,
    },
    checks: [],
    allowPaths: [],
    storage: { type: "ConfigMap", maxBytes: 4 * 1024 * 1024 },
  };
}

/** A recorder that stores nothing and says so at once. */
async function acknowledging(path: string): Promise<Server> {
  const server = createSocketServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => data.includes('"finished"') && socket.write('{"kind":"stored"}\n'));
  });
  server.listen(path);
  await once(server, "listening");
  return server;
}

/** What the tools of each turn took, by its number. */
function toolsOf(transcript: string): ReadonlyMap<number, { readonly wrote: boolean; readonly ms: number }> {
  const turns = new Map<number, { wrote: boolean; ms: number }>();
  for (const line of readFileSync(transcript, "utf8").trimEnd().split("\n")) {
    const event = RunEvent.parse(JSON.parse(line));
    if (event.kind !== "tool") continue;
    const before = turns.get(event.turn) ?? { wrote: false, ms: 0 };
    turns.set(event.turn, { wrote: before.wrote || event.name !== "read_file", ms: before.ms + event.durationMs });
  }
  return turns;
}
