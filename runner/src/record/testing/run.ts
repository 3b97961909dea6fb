import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunPatch, RunProgress, RunResult } from "@codybatch/crds";
import { patchDigest } from "@codybatch/crds";
import { pageOf } from "../../out/index.ts";

export const podName = "node-24-0123456789-0-0-abcde";
const usage = { input: 10, output: 20, cacheRead: 0, cacheWrite: 0, turns: 1, costNanoUSD: 5 };

export interface RunOptions {
  readonly root: string;
  readonly apiURL: string;
  readonly maxBytes?: number;
  readonly claim?: boolean;
  readonly ownerUID?: string;
  /** In place of a change's. */
  readonly input?: object;
  readonly env?: Readonly<Record<string, string>>;
}

/** A pod of which the recorder is a real process, and the agent is played by the test. */
export class Run {
  readonly options: RunOptions;
  #child: ChildProcess | undefined;
  #socket: Socket | undefined;
  #heard = "";
  /** What the recorder logged. */
  logged = "";

  constructor(options: RunOptions) {
    this.options = options;
    for (const name of ["input", "out", "token", "tmp", "dev", "results"]) mkdirSync(this.path(name), { recursive: true });
    writeFileSync(this.path("token/token"), "token-1\n");
    writeFileSync(this.path("input/input.json"), JSON.stringify(input(options)));
  }

  path(name: string): string {
    return join(this.options.root, name);
  }

  startRecorder(): void {
    const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
    const child = spawn(process.execPath, [main, "record"], { env: this.#environment(), stdio: ["ignore", "ignore", "pipe"] });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.logged += text));
    this.#child = child;
  }

  /** Gives the exit code, or the signal. */
  async stopRecorder(signal: NodeJS.Signals): Promise<number | string> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? child?.signalCode ?? -1;
    const ended = new Promise<number | string>((resolve) => child.once("exit", (code, by) => resolve(code ?? by ?? -1)));
    child.kill(signal);
    return await ended;
  }

  /** Only asks it to end. */
  interruptRecorder(): void {
    this.#child?.kill("SIGTERM");
  }

  get recorderExit(): number | null | undefined {
    return this.#child?.exitCode;
  }

  async connectAgent(): Promise<void> {
    await until(async () => {
      if (this.recorderExit !== null) throw new Error(`the recorder ended: ${this.logged}`);
      const back = process.cwd();
      process.chdir(this.path("out"));
      const socket = connect("recorder.sock");
      process.chdir(back);
      return await new Promise<boolean>((resolve) => {
        socket.once("connect", () => resolve(this.#meet(socket)));
        socket.once("error", () => resolve(false));
      });
    });
    this.say({ kind: "hello", version: 1 });
  }

  #meet(socket: Socket): boolean {
    this.#socket = socket;
    this.#heard = "";
    socket.setEncoding("utf8").on("data", (text: string) => (this.#heard += text));
    return true;
  }

  say(message: object): void {
    this.#socket?.write(`${JSON.stringify(message)}\n`);
  }

  get acknowledged(): boolean {
    return this.#heard.includes('{"kind":"stored"}');
  }

  disconnectAgent(): void {
    this.#socket?.destroy();
  }

  events(...lines: readonly string[]): void {
    appendFileSync(this.path("out/transcript.jsonl"), lines.map((line) => `${line}\n`).join(""));
  }

  patch(text: string | Buffer): RunPatch {
    writeFileSync(this.path("out/change.patch"), text);
    return describe(Buffer.from(text));
  }

  progress(change: Partial<RunProgress> = {}): void {
    const progress = { version: 1, turn: 1, activity: "edit_file a", usage, updatedAt: new Date().toISOString(), ...change };
    writeFileSync(this.path("out/progress"), pageOf(JSON.stringify(progress)));
  }

  result(change: Partial<RunResult> = {}): void {
    const now = new Date().toISOString();
    const result = { version: 1, reason: "Reported", message: "Done.", usage, warnings: [], startedAt: now, finishedAt: now, ...change };
    writeFileSync(this.path("out/result.json"), JSON.stringify(result));
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env["PATH"],
      CODYBATCH_INPUT_DIR: this.path("input"),
      CODYBATCH_OUT_DIR: this.path("out"),
      CODYBATCH_API_TOKEN_DIR: this.path("token"),
      CODYBATCH_TMP_DIR: this.path("tmp"),
      CODYBATCH_TERMINATION_DIR: this.path("dev"),
      ...(this.options.claim === true ? { CODYBATCH_RESULTS_DIR: this.path("results") } : {}),
      CODYBATCH_API_URL: this.options.apiURL,
      POD_NAME: podName,
      POD_NAMESPACE: "team-a",
      POD_UID: "pod-uid-1",
      CODYBATCH_POLL_SECONDS: "0.02",
      CODYBATCH_LIVE_SECONDS: "0.05",
      CODYBATCH_AGENT_LOST_SECONDS: "0.5",
      CODYBATCH_RECORDER_GRACE_SECONDS: "30",
      CODYBATCH_API_RETRY_SECONDS: "0.02",
      CODYBATCH_API_TIMEOUT_SECONDS: "5",
      ...this.options.env,
    };
  }
}

export function describe(patch: Buffer): RunPatch {
  const baseCommit = "1".repeat(40);
  const counted = { bytes: patch.length, filesChanged: 1, additions: 1, deletions: 0 };
  return { digest: patchDigest(baseCommit, patch), baseCommit, tree: "2".repeat(40), ...counted };
}

/** Polls until it holds; throws after 20 s. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within 20 s: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function input({ maxBytes = 4 * 1024 * 1024, claim = false, ownerUID = "changeset-uid-1", input: other }: RunOptions): object {
  const storage = { type: claim ? "PersistentVolumeClaim" : "ConfigMap", maxBytes };
  if (other !== undefined) return { ...other, storage };
  return {
    version: 1,
    namespace: "team-a",
    batchChange: "node-24",
    changeset: { name: "node-24-0123456789", uid: ownerUID },
    repository: { url: "https://github.com/acme/api", name: "acme/api", branch: "HEAD" },
    attempt: 0,
    try: 0,
    agent: { maxCostNanoUSD: 1 },
    storage,
  };
}
