import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const program = join(import.meta.dirname, "../../../../local/src/demo/main.ts");

/** A demo that stays up, its answers from the stand-in whatever keys there are. */
export class Demo {
  readonly #child: ChildProcess;

  constructor(dir: string) {
    const env = { PATH: process.env["PATH"], ANTHROPIC_API_KEY: "" };
    this.#child = spawn(process.execPath, [program, "--dir", dir], { env, stdio: ["ignore", "pipe", "inherit"] });
  }

  /** Address of the dashboard, once both batches have gone as far as they go by themselves. */
  async settled(): Promise<string> {
    const { stdout } = this.#child;
    if (stdout === null) throw new Error("the demo has no output");
    let url: string | undefined;
    for await (const line of createInterface({ input: stdout })) {
      url = /^Dashboard: (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1] ?? url;
      if (url === undefined || !line.startsWith("The demo stays up")) continue;
      stdout.resume();
      return url;
    }
    throw new Error("the demo ended before its batches had");
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const closed = once(this.#child, "close");
    this.#child.kill("SIGINT");
    await closed;
  }
}
