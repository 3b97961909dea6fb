import type { Logger } from "pino";
import { join, resolve } from "node:path";

import { createApi } from "./api/client.ts";
import { Informer } from "./api/informer.ts";
import type { Job } from "./api/job.ts";
import { jobSchema } from "./api/job.ts";
import { controllerOf } from "./api/metadata.ts";
import { paths } from "./api/paths.ts";
import type { Pod } from "./api/pod.ts";
import { podSchema } from "./api/pod.ts";
import type { CommandsOf } from "./container/command.ts";
import type { Variables } from "./container/environment.ts";
import { makePrivate } from "./disk/atomic.ts";
import { takeLock } from "./disk/lock.ts";
import { JobController } from "./job/controller.ts";
import type { Timings } from "./pod/context.ts";
import { LocalNode } from "./pod/node.ts";
import type { Secrets } from "./volume/source.ts";

export interface ProcessesOptions {
  /** Folder for pods, claims and the lock; made with mode 0700. */
  readonly dir: string;
  /** URL of the API server, plain HTTP. */
  readonly server: string;
  /** Command of each known image. */
  readonly entries: Readonly<Record<string, readonly string[]>>;
  /** Values by Secret name and key. */
  readonly secrets: Secrets;
  /** Variables for every container; nothing else is handed down. PATH is needed to find `node` and `git`. */
  readonly environment: Variables;
  /** Variables for containers of known images besides; one with a command of its own never sees them. */
  readonly passed?: Variables;
  /** Whose containers may bring a command of their own, which then runs as this user; default nobody's. */
  readonly commandsOf?: CommandsOf;
  readonly log: Logger;
  /** Pods that run at one time; default 20, the rest waits as Unschedulable. */
  readonly maxPods?: number;
  /** Keep volumes of ended pods until the pod is deleted, for a look at them. Secrets stay on disk so long. */
  readonly keepVolumes?: boolean;
  readonly timings?: Partial<Timings>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface Processes {
  /** Stops watching and leaves the processes alive; the next process runner on the folder goes on with them. */
  readonly close: () => Promise<void>;
  /** Ends every pod with SIGTERM and its grace, says so on the server, then closes. */
  readonly stopAll: () => Promise<void>;
}

const defaultTimings: Timings = { pollSeconds: 0.5, retrySeconds: 3, restartSeconds: 10, resyncSeconds: 5, relistSeconds: 60 };
const requestTimeout = 15_000;

/** Plays Job controller, scheduler and kubelet until closed. Throws LockedError when another one has the folder. */
export async function startProcesses(options: ProcessesOptions): Promise<Processes> {
  const runner = new ProcessRunner(options, makePrivate(resolve(options.dir)));
  await runner.start();
  return { close: () => runner.close(), stopAll: () => runner.stopAll() };
}

/** Leads what the server says to the Job controller and the node. */
class ProcessRunner {
  private readonly log: Logger;
  private readonly timings: Timings;
  private readonly unlock: () => void;
  private readonly controller: JobController;
  private readonly node: LocalNode;
  private readonly jobs: Informer<Job>;
  private readonly pods: Informer<Pod>;
  private resync: NodeJS.Timeout | undefined;

  constructor(options: ProcessesOptions, dir: string) {
    const { log, server, now = Date.now, maxPods = 20, keepVolumes = false } = options;
    const { entries, secrets, environment, passed = {}, commandsOf = new Set<string>() } = options;
    this.log = log;
    this.timings = { ...defaultTimings, ...options.timings };
    this.unlock = takeLock(dir);
    const api = createApi(server, requestTimeout);
    const controller = new JobController({ api, dir: join(dir, "jobs"), now, log });
    const hasCounted = (pod: Pod): Promise<boolean> => controller.hasCounted(pod);
    const values = { entries, secrets, environment, passed, commandsOf, keepVolumes };
    const shared = { api, dir, ...values, timings: this.timings, now, log, hasCounted };
    this.controller = controller;
    this.node = new LocalNode(shared, maxPods);
    const watching = { api, log, relistSeconds: this.timings.relistSeconds };
    this.jobs = new Informer({
      ...watching,
      path: paths.allJobs,
      parse: (raw) => jobSchema.parse(raw),
      onChange: (job, isGone) => void (isGone ? controller.forget(job.metadata.uid) : controller.reconcile(job)),
    });
    this.pods = new Informer({
      ...watching,
      path: paths.allPods,
      parse: (raw) => podSchema.parse(raw),
      onChange: (pod, isGone) => void this.follow(pod, isGone),
    });
  }

  async start(): Promise<void> {
    await this.jobs.start();
    await this.pods.start();
    await this.controller.forgetAllBut(uidsOf(this.jobs.all()));
    await this.node.adoptOrphans(uidsOf(this.pods.all()));
    this.resync = setInterval(() => {
      void this.reconcileAll();
      this.node.poke();
    }, this.timings.resyncSeconds * 1000);
    this.log.info({ jobs: this.jobs.all().length, pods: this.pods.all().length }, "Process runner started");
  }

  async close(): Promise<void> {
    clearInterval(this.resync);
    this.controller.drain();
    await Promise.all([this.jobs.close(), this.pods.close()]);
    await this.node.close();
    this.unlock();
  }

  async stopAll(): Promise<void> {
    this.controller.drain();
    await this.node.stopAll();
    await this.reconcileAll();
    await this.close();
  }

  private async reconcileAll(): Promise<void> {
    await Promise.all(this.jobs.all().map((job) => this.controller.reconcile(job)));
  }

  /** The Job counts the end of its pod before the pod's object may go. */
  private async follow(pod: Pod, isGone: boolean): Promise<void> {
    this.node.observe(pod, isGone);
    const job = this.jobs.get(controllerOf(pod.metadata)?.uid ?? "");
    if (job === undefined) return;
    await this.controller.reconcile(job);
    this.node.poke(pod.metadata.uid);
  }
}

function uidsOf(objects: readonly (Job | Pod)[]): ReadonlySet<string> {
  return new Set(objects.map(({ metadata }) => metadata.uid));
}
