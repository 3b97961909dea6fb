import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const program = join(import.meta.dirname, "../../../operator/src/main.ts");

/** The operator with the environment and the rights that a chart gives it. */
export class ChartedOperator implements AsyncDisposable {
  readonly #process: ChildProcess;
  #log = "";

  constructor(environment: Readonly<Record<string, string>>) {
    this.#process = spawn(process.execPath, [program], { env: { PATH: process.env["PATH"], ...environment }, stdio: "pipe" });
    this.#process.stdout?.on("data", (text) => (this.#log += String(text)));
    this.#process.stderr?.on("data", (text) => (this.#log += String(text)));
  }

  /** Everything said so far. */
  get log(): string {
    return this.#log;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null) return;
    this.#process.kill();
    await once(this.#process, "exit");
  }
}
