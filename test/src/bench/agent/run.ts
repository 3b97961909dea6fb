import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createSocketServer } from "node:net";
import type { Server } from "node:net";
import { createRequire } from "node:module";
import { join } from "node:path";
import { RunEvent, type RunInput, RunResult } from "@codybatch/crds";
import { makeRepository, makeWorktree } from "../../../../runner/src/git/testing/repository.ts";
import { inputOf, podIn } from "../pod-folder.ts";
import { inProject } from "../program.ts";
import { askedOf } from "./stand-in.ts";
import type { Passed } from "./watchmaker.ts";

const files = 200;

/** What the tools of one turn did and took. */
interface Tools {
  readonly wrote: boolean;
  readonly ms: number;
}

/** A whole run of the agent: its requests, and what its tools took, by turn. */
interface Run {
  readonly passed: readonly Passed[];
  readonly tools: ReadonlyMap<number, Tools>;
}

/** Runs the agent as its own process over a scripted conversation, from the start to its report. */
export async function runAgent(dir: string, scenario: string, turns: number): Promise<Run> {
  const { out, env } = await layOut(dir, turns);
  const passed = await askedOf(dir, scenario, async (url) => {
    const recorder = await acknowledging(join(out, "recorder.sock"));
    const child = spawn(process.execPath, [inProject("runner/src/main.ts"), "agent"], {
      env: { PATH: process.env["PATH"], ...env, ANTHROPIC_BASE_URL: url },
      stdio: "ignore",
    });
    await once(child, "exit");
    recorder.close();
  });
  demandWhole(out, turns);
  return { passed, tools: toolsOf(join(out, "transcript.jsonl")) };
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
  const pod = podIn(join(dir, "pod"), inputFor(turns));
  const gitDir = join(dir, "pod", "git");
  const { baseCommit, workTree } = await makeWorktree(gitDir, origin);
  writeFileSync(join(gitDir, "base.json"), JSON.stringify({ commit: baseCommit, branch: "main", tree: "" }));
  writeFileSync(join(dir, "pod", "prompt", "prompt"), "Make files.");
  writeFileSync(join(dir, "pod", "anthropic", "api-key"), "stand-in-key");
  const { rgPath } = createRequire(inProject("local/package.json"))("@vscode/ripgrep") as { rgPath: string };
  return { ...pod, env: { ...pod.env, CODYBATCH_WORKSPACE_DIR: workTree, CODYBATCH_RIPGREP: rgPath } };
}

function inputFor(turns: number): RunInput {
  return inputOf({
    repository: { url: "https://git.example.com/bench/long.git", name: "bench/long", branch: "main" },
    agent: {
      model: "claude-sonnet-5-5",
      effort: "medium",
      maxTurns: turns + 1,
      maxTokens: 100_000_000,
      maxCostUSD: "50.00",
      timeout: "30m",
      maxCostNanoUSD: 50e9,
    },
  });
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

function toolsOf(transcript: string): ReadonlyMap<number, Tools> {
  const turns = new Map<number, Tools>();
  for (const line of readFileSync(transcript, "utf8").trimEnd().split("\n")) {
    const event = RunEvent.parse(JSON.parse(line));
    if (event.kind !== "tool") continue;
    const before = turns.get(event.turn) ?? { wrote: false, ms: 0 };
    turns.set(event.turn, { wrote: before.wrote || event.name !== "read_file", ms: before.ms + event.durationMs });
  }
  return turns;
}
