import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";

import { startServer } from "../../server/index.ts";
import type { RunningServer, ServerOptions } from "../../server/index.ts";
import { createApi, unlessMissing } from "../api/client.ts";
import type { Api } from "../api/client.ts";
import { jobSchema } from "../api/job.ts";
import type { Job } from "../api/job.ts";
import { paths } from "../api/paths.ts";
import { podSchema } from "../api/pod.ts";
import type { Pod } from "../api/pod.ts";
import { isRunning } from "../container/identity.ts";
import type { Processes, ProcessesOptions } from "../start.ts";
import { startProcesses } from "../start.ts";

/** The one image: its container's first argument is a shell script. */
const image = "localhost/sh:1";
const entries = { [image]: ["/bin/sh", "-c"] };
const namespace = "default";

type Fields = Record<string, unknown>;

/** A container with a script; `fields` are added. */
export function container(name: string, script: string, fields: Fields = {}): Fields {
  return { name, image, args: [script], ...fields };
}

/** A container that sees the claim `results` as $CODYBATCH_RESULTS_DIR, which outlives the pod. */
export function recording(name: string, script: string, fields: Fields = {}): Fields {
  return container(name, script, {
    env: [{ name: "CODYBATCH_RESULTS_DIR", value: "/results" }],
    volumeMounts: [{ name: "results", mountPath: "/results" }],
    ...fields,
  });
}

const results = { name: "results", persistentVolumeClaim: { claimName: "results" } };

interface JobParts {
  readonly spec?: Fields;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly owners?: readonly Fields[];
}

const ours = { "app.kubernetes.io/name": "cody-batch" };

/** A Job as the operator makes it, but for the pod's own parts. */
function jobManifest(name: string, podSpec: Fields, { spec = {}, annotations = {}, labels = ours, owners = [] }: JobParts): Fields {
  const common = { restartPolicy: "Never", terminationGracePeriodSeconds: 10, volumes: [results] };
  const template = { metadata: { labels, annotations }, spec: { ...common, ...podSpec } };
  const metadata = { name, labels, ownerReferences: owners };
  return { apiVersion: "batch/v1", kind: "Job", metadata, spec: { backoffLimit: 0, podReplacementPolicy: "Failed", template, ...spec } };
}

/** A folder, an embedded API server, and process runners on them. */
export class Bench {
  readonly dir: string;
  readonly api: Api;
  readonly url: string;
  private server: RunningServer;
  private readonly runners: Processes[] = [];
  private readonly children: ChildProcess[] = [];

  private constructor(dir: string, server: RunningServer) {
    this.dir = dir;
    this.server = server;
    this.url = server.url;
    this.api = createApi(server.url, 5000);
  }

  /** `onRequest` makes requests go wrong. */
  static async open(onRequest?: ServerOptions["onRequest"]): Promise<Bench> {
    const dir = mkdtempSync(join(tmpdir(), "processes-"));
    return new Bench(dir, await startServer({ dir: join(dir, "server"), ...(onRequest === undefined ? {} : { onRequest }) }));
  }

  /** Stops the server for a while; it comes back with all its objects at the same address. */
  async withoutServer(during: () => Promise<void>): Promise<void> {
    await this.server.close();
    await during();
    this.server = await startServer({ dir: join(this.dir, "server"), port: this.server.port });
  }

  /** Starts a process runner in this process. */
  async start(options: Partial<ProcessesOptions> = {}): Promise<Processes> {
    const runner = await startProcesses({
      dir: this.dir,
      server: this.url,
      entries,
      secrets: {},
      environment: { PATH: process.env["PATH"] ?? "" },
      log: pino({ level: process.env["LOG"] ?? "silent" }),
      ...options,
      timings: { pollSeconds: 0.1, retrySeconds: 0.2, restartSeconds: 0.2, resyncSeconds: 0.5, ...options.timings },
    });
    this.runners.push(runner);
    return runner;
  }

  /** Starts the program in a process of its own. */
  spawn(...args: readonly string[]): ChildProcess {
    const main = join(import.meta.dirname, "../main.ts");
    const all = [main, "--dir", this.dir, "--server", this.url, "--entry", JSON.stringify(entries), ...args];
    const child = spawn(process.execPath, all, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, LEAK: "yes" } });
    this.children.push(child);
    return child;
  }

  /** Waits until the process has the folder, which is the first thing it does. */
  async holds(child: ChildProcess): Promise<void> {
    const path = join(this.dir, "processes.json");
    await until("the lock", () => (existsSync(path) && readFileSync(path, "utf8").includes(`"pid":${child.pid},`) ? true : undefined));
  }

  /** Kills the process with -9 and waits until it is gone. */
  async kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  async createJob(name: string, podSpec: Fields, parts: JobParts = {}): Promise<void> {
    await this.api.create(paths.job({ namespace }), jobManifest(name, podSpec, parts));
  }

  async job(name: string): Promise<Job> {
    return jobSchema.parse(await this.api.get(paths.job({ namespace, name })));
  }

  async hasJob(name: string): Promise<boolean> {
    return (await unlessMissing(this.api.get(paths.job({ namespace, name })))) !== undefined;
  }

  async patchJob(name: string, body: unknown): Promise<void> {
    await this.api.patch(paths.job({ namespace, name }), body);
  }

  async pods(): Promise<readonly Pod[]> {
    const list = (await this.api.get(paths.pod({ namespace }))) as { items: unknown[] };
    return list.items.map((item) => podSchema.parse(item));
  }

  async pod(uid: string): Promise<Pod | undefined> {
    return (await this.pods()).find(({ metadata }) => metadata.uid === uid);
  }

  /** The only pod, once it is in this phase. */
  podIn(phase: string): Promise<Pod> {
    return until(`a pod in phase ${phase}`, async () => (await this.pods()).find((pod) => pod.status.phase === phase));
  }

  async deletePod(pod: Pod, gracePeriodSeconds?: number): Promise<void> {
    await unlessMissing(this.api.remove(paths.pod(pod.metadata), gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }));
  }

  /** The Job, once it has this condition. */
  jobWith(name: string, type: string): Promise<Job> {
    return until(`Job ${name} ${type}`, async () => {
      const job = await this.job(name);
      return job.status.conditions?.some((condition) => condition.type === type && condition.status === "True") === true ? job : undefined;
    });
  }

  /** Text of a file in the claim `results`; "" when there is none. */
  result(file: string): string {
    const path = join(this.dir, "claims", namespace, "results", file);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  /** Puts a file into the claim `results`. */
  write(file: string, text: string): void {
    writeFileSync(join(this.dir, "claims", namespace, "results", file), text);
  }

  /** Processes that the pods' states name and that still run. */
  livingProcesses(): readonly number[] {
    const pods = join(this.dir, "pods");
    if (!existsSync(pods)) return [];
    return readdirSync(pods).flatMap((uid) => {
      const path = join(pods, uid, "state.json");
      if (!existsSync(path)) return [];
      const state = JSON.parse(readFileSync(path, "utf8")) as { containers: Record<string, { running?: { pid: number; start: string } }> };
      const running = Object.values(state.containers).flatMap((entry) => entry.running ?? []);
      return running.filter(({ pid, start }) => isRunning(pid, start)).map(({ pid }) => pid);
    });
  }

  async close(): Promise<void> {
    for (const child of this.children) await this.kill(child);
    for (const runner of this.runners) await runner.close();
    for (const pid of this.livingProcesses()) process.kill(-pid, "SIGKILL");
    await this.server.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** The first defined answer; fails after 20 s. */
export async function until<T>(what: string, probe: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`waited too long for ${what}`);
    await delay(20);
  }
}

/** The kubelet's words on a container of the pod. */
export function statusOf(pod: Pod, name: string): { state: Record<string, Record<string, unknown>>; restartCount: number; ready: boolean } {
  const status = pod.status as Record<string, unknown>;
  const all = [...((status["initContainerStatuses"] as never[]) ?? []), ...((status["containerStatuses"] as never[]) ?? [])];
  return all.find((entry: { name: string }) => entry.name === name)!;
}
