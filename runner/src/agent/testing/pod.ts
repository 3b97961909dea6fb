import { mkdirSync, mkdtempSync, readFileSync, rmSync, existsSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunEvent, type RunInput, RunProgress, RunResult } from "@codybatch/crds";
import { pino } from "pino";
import { textOfPage } from "../../out/index.ts";
import { makeRepository, makeWorktree, writeFiles } from "../../git/testing/repository.ts";
import { ripgrepPath } from "./ripgrep.ts";
import { runAgent } from "../run.ts";
import type { AgentConfig } from "../settings.ts";

export const apiKey = "sk-test-0123456789-secret";

/** The folders of a pod with a cloned repository in them, and a recorder that says `stored`. */
export interface Pod extends AsyncDisposable {
  readonly config: AgentConfig;
  readonly root: string;
  readonly workspace: string;
  readonly origin: string;
  readonly baseCommit: string;
  /** What the agent said to the recorder. */
  readonly said: readonly unknown[];
  readonly input: RunInput;
  readonly run: (ports?: Partial<Ports>) => Promise<void>;
  readonly result: () => RunResult;
  readonly progress: () => RunProgress;
  readonly events: () => readonly RunEvent[];
  /** Undefined when there is none. */
  readonly patch: () => string | undefined;
}

interface Ports {
  readonly interrupt: AbortSignal;
  readonly now: () => number;
}

interface PodOptions {
  readonly url: string;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly agent?: Partial<RunInput["agent"]>;
  readonly input?: Partial<RunInput>;
  readonly config?: Partial<AgentConfig>;
  readonly key?: string | undefined;
  readonly prompt?: string;
}

const sampleFiles = {
  "package.json": '{\n  "name": "sample",\n  "engines": { "node": "20" }\n}\n',
  "src/index.js": "export const one = 1;\n",
};

export async function makePod(options: PodOptions): Promise<Pod> {
  const root = mkdtempSync(join(tmpdir(), "codybatch-agent-"));
  const origin = join(root, "origin");
  const baseCommit = makeRepository(origin, (directory) => writeFiles(directory, options.files ?? sampleFiles));
  const gitDir = join(root, "git");
  const config = { ...configIn(root, options.url), ...options.config };
  for (const directory of [
    config.inputDir,
    config.promptDir,
    config.anthropicDir,
    gitDir,
    config.outDir,
    config.resumeDir,
    config.tmpDir,
    config.terminationDir,
  ]) {
    mkdirSync(directory, { recursive: true });
  }
  const worktree = await makeWorktree(gitDir, origin);
  const input = inputOf(options);
  const key = "key" in options ? options.key : apiKey;
  writeFiles(root, {
    "input/input.json": JSON.stringify(input),
    "prompt/prompt": options.prompt ?? "Move this package to Node 24.",
    "git/base.json": JSON.stringify({ commit: baseCommit, branch: input.repository.branch.replace(/^HEAD$/, "main"), tree: "" }),
    ...(key === undefined ? {} : { "anthropic/api-key": key }),
  });
  const said: unknown[] = [];
  const recorder = createServer((socket) => listenTo(socket, said));
  await new Promise<void>((resolve) => recorder.listen(join(config.outDir, "recorder.sock"), resolve));
  const read = (name: string): string => readFileSync(join(config.outDir, name), "utf8");
  return {
    config: { ...config, workspaceDir: worktree.workTree },
    root,
    workspace: worktree.workTree,
    origin,
    baseCommit,
    said,
    input,
    run: (ports = {}) =>
      runAgent({ ...config, workspaceDir: worktree.workTree }, pino({ level: "silent" }), {
        interrupt: new AbortController().signal,
        now: Date.now,
        random: () => 0,
        ...ports,
      }),
    result: () => RunResult.parse(JSON.parse(read("result.json"))),
    progress: () => RunProgress.parse(JSON.parse(textOfPage(readFileSync(join(config.outDir, "progress"))) ?? "")),
    events: () =>
      read("transcript.jsonl")
        .trimEnd()
        .split("\n")
        .map((line) => RunEvent.parse(JSON.parse(line))),
    patch: () => (existsSync(join(config.outDir, "change.patch")) ? read("change.patch") : undefined),
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => recorder.close(resolve));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function configIn(root: string, url: string): AgentConfig {
  return {
    inputDir: join(root, "input"),
    promptDir: join(root, "prompt"),
    anthropicDir: join(root, "anthropic"),
    gitDir: join(root, "git"),
    workspaceDir: join(root, "workspace"),
    outDir: join(root, "out"),
    resumeDir: join(root, "resume"),
    tmpDir: join(root, "tmp"),
    mailboxDir: undefined,
    toolboxSeconds: 60,
    terminationDir: join(root, "termination"),
    anthropicBaseURL: url,
    ripgrep: ripgrepPath(),
    idleSeconds: 10,
    retrySeconds: 0.01,
    ackSeconds: 20,
    network: { httpProxy: undefined, httpsProxy: undefined, noProxy: undefined, caFile: undefined },
  };
}

function inputOf({ agent, input }: PodOptions): RunInput {
  return {
    version: 1,
    namespace: "team-a",
    batchChange: "node-24",
    changeset: { name: "node-24-0123456789", uid: "uid-1" },
    repository: { url: "https://github.com/acme/api", name: "acme/api", branch: "main" },
    attempt: 0,
    try: 1,
    agent: {
      model: "claude-sonnet-5-5",
      effort: "medium",
      maxTurns: 20,
      maxTokens: 4_000_000,
      maxCostUSD: "2.00",
      timeout: "5m",
      maxCostNanoUSD: 2e9,
      ...agent,
    },
    checks: [],
    allowPaths: [],
    storage: { type: "ConfigMap", maxBytes: 4 * 1024 * 1024 },
    ...input,
  };
}

function listenTo(socket: Socket, said: unknown[]): void {
  let heard = "";
  socket.setEncoding("utf8");
  socket.on("error", () => undefined);
  socket.on("data", (chunk: string) => {
    const lines = (heard + chunk).split("\n");
    heard = lines.pop() ?? "";
    for (const line of lines) {
      const message = JSON.parse(line) as { kind: string };
      said.push(message);
      if (message.kind === "finished") socket.write('{"kind":"stored"}\n');
    }
  });
}
