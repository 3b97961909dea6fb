import { readFileSync } from "node:fs";
import type { Program } from "@codybatch/local";
import { eventually } from "../cluster/deadline.ts";
import { anyPort } from "../../../local/src/demo/port.ts";
import { programOf } from "./program.ts";

/** What a process uses, in bytes. `peak` is the kernel's high-water mark. */
export interface Memory {
  readonly resident: number;
  readonly peak: number;
}

/** What Node 24 takes by itself in a pod of 512 MiB, the chart's default (measured), and what the image says; on a large machine it would let garbage lie. */
export const heapLimits = ["--max-old-space-size=256", "--max-semi-space-size=8"];

/** By the kernel's own account. */
export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1024;
  return { resident: field("VmRSS"), peak: field("VmHWM") };
}

const tick = 10;

/** CPU time of all threads of a process, in milliseconds, by the kernel's account. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * tick;
}

/** The operator as a process of its own, with its metrics. */
export class OperatorUnderTest {
  readonly startedAt = performance.now();
  readonly #program: Program;
  readonly #port: number;

  private constructor(program: Program, port: number) {
    this.#program = program;
    this.#port = port;
  }

  /** `env` names the API server: CODYBATCH_API_URL or KUBECONFIG. */
  static async start(dir: string, env: Readonly<Record<string, string>>): Promise<OperatorUnderTest> {
    const port = await anyPort();
    const settings = {
      CODYBATCH_HTTP_PORT: String(port),
      CODYBATCH_UNSAFE_WITHOUT_ADMISSION_POLICY: "true",
      ...env,
    };
    return new OperatorUnderTest(programOf({ name: "operator", dir, args: [...heapLimits, "operator/src/main.ts"], env: settings }), port);
  }

  /** Milliseconds from its start until every cache has its first whole list. */
  async synced(): Promise<number> {
    await eventually("the operator's caches are filled", async () => ((await this.#get("/readyz"))?.ok === true ? true : undefined), {
      seconds: 300,
    });
    return performance.now() - this.startedAt;
  }

  /** Resolves when it holds the Lease, its caches are filled and its workers wait for work. */
  async working(): Promise<void> {
    await this.synced();
    const workers = async (): Promise<number> => this.metric("controller_runtime_max_concurrent_reconciles");
    await eventually("the operator works", async () => ((await workers()) > 0 ? true : undefined));
  }

  /** Resolves when no key waits or is worked on, seen twice in a row. */
  async settled(): Promise<void> {
    let calm = 0;
    const look = async (): Promise<true | undefined> => {
      const busy = (await this.metric("workqueue_depth")) + (await this.metric("workqueue_unfinished_work_seconds"));
      calm = busy === 0 ? calm + 1 : 0;
      return calm > 1 ? true : undefined;
    };
    await eventually("the operator has nothing to do", look, { seconds: 600 });
  }

  /** Sum of a metric over all its labels, or over those that the text of the line has. */
  async metric(name: string, having = ""): Promise<number> {
    const text = (await (await this.#get("/metrics"))?.text()) ?? "";
    return text
      .split("\n")
      .filter((line) => (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) && line.includes(having))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
  }

  /** Each value of a metric with one label, by that label's value. */
  async byLabel(name: string): Promise<ReadonlyMap<string, number>> {
    const text = (await (await this.#get("/metrics"))?.text()) ?? "";
    const lines = [...text.matchAll(new RegExp(`^${name}\\{[a-z]+="([^"]*)"\\} (\\S+)$`, "gm"))];
    return new Map(lines.map(([, label = "", value]) => [label, Number(value)]));
  }

  memory(): Memory {
    return memoryOf(this.#program.pid);
  }

  async heapUsed(): Promise<number> {
    return this.metric("nodejs_heap_size_used_bytes");
  }

  async stop(): Promise<void> {
    await this.#program.stop(new AbortController().signal);
  }

  async #get(path: string): Promise<Response | undefined> {
    this.#program.demandAlive();
    return fetch(`http://127.0.0.1:${this.#port}${path}`).catch(() => undefined);
  }
}
