import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface ProgramSpec {
  readonly name: string;
  /** Script and arguments for this very Node. */
  readonly args: readonly string[];
  /** The whole environment; nothing else is handed down. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

/** A program of the demo ended by itself; the message has its last log lines. */
export class ProgramEnded extends Error {}

/** One child process with its log file. */
export class Program {
  readonly name: string;
  readonly pid: number;
  readonly log: string;
  /** Resolves with how it ended. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #graceMs: number;
  #how: string | undefined;

  /** Starts it in a process group of its own: Ctrl-C reaches the demo alone, which then stops its programs in order. */
  constructor(spec: ProgramSpec, logs: string) {
    this.name = spec.name;
    this.log = join(logs, `${spec.name}.log`);
    this.#graceMs = spec.graceMs;
    const output = openSync(this.log, "a", 0o600);
    this.#child = spawn(process.execPath, spec.args, { env: spec.env, stdio: ["ignore", output, output], detached: true });
    closeSync(output);
    this.pid = this.#child.pid ?? 0;
    this.ended = new Promise((resolve) => {
      const end = (how: string): void => {
        this.#how = how;
        resolve(how);
      };
      this.#child.once("exit", (code, name) => end(name === null ? `exit code ${code}` : `signal ${name}`));
      this.#child.once("error", (error) => end(error.message));
    });
  }

  /** How it ended, undefined while it lives. */
  get how(): string | undefined {
    return this.#how;
  }

  /** Throws {@link ProgramEnded} when it no longer lives. */
  demandAlive(): void {
    if (this.#how === undefined) return;
    throw new ProgramEnded(`${this.name} ended by itself (${this.#how}). The end of ${this.log}:\n${lastLines(this.log)}`);
  }

  /** Asks it to end, and after its grace, or at once when `hurry` is aborted, makes it. */
  async stop(hurry: AbortSignal): Promise<void> {
    if (this.#how !== undefined) return;
    const kill = (): void => void this.#child.kill("SIGKILL");
    this.#child.kill("SIGTERM");
    const timer = setTimeout(kill, this.#graceMs);
    hurry.addEventListener("abort", kill);
    if (hurry.aborted) kill();
    await this.ended;
    clearTimeout(timer);
    hurry.removeEventListener("abort", kill);
  }
}

function lastLines(path: string): string {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n").slice(-12);
  return lines.map((line) => `  ${line.slice(0, 400)}`).join("\n");
}
