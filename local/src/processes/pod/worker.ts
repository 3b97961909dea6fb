import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { unlessMissing } from "../api/client.ts";
import { paths } from "../api/paths.ts";
import type { Pod } from "../api/pod.ts";
import { hasOwnCommand } from "../container/command.ts";
import { isRunning, signal } from "../container/identity.ts";
import { endMarked } from "../container/marked.ts";
import { observe } from "../container/observe.ts";
import { runDirOf } from "../container/start.ts";
import type { NodeContext } from "./context.ts";
import { PodRecord } from "./record.ts";
import { StatusReporter } from "./reporter.ts";
import { ContainerStarter } from "./starter.ts";
import type { PodState, StopCause } from "./state.ts";
import type { PodAction } from "./step.ts";
import { nextActions } from "./step.ts";

interface WorkerOptions {
  readonly context: NodeContext;
  readonly pod: Pod;
  readonly podDir: string;
  readonly state: PodState;
  /** Called when the pod's processes have ended. */
  readonly onFinish: () => void;
  /** Called when object and folder are gone. */
  readonly onGone: () => void;
}

/** Runs one pod to its end, as the kubelet would: looks at its processes, does what `nextActions` says, writes the status. */
export class PodWorker {
  private readonly options: WorkerOptions;
  private readonly context: NodeContext;
  private readonly record: PodRecord;
  private readonly starter: ContainerStarter;
  private readonly reporter: StatusReporter;
  private pod: Pod;
  private isObjectGone = false;
  private isMachineStopping = false;
  private isClosed = false;
  private turn: Promise<void> = Promise.resolve();
  private isTurnWaiting = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: WorkerOptions) {
    this.options = options;
    this.context = options.context;
    this.pod = options.pod;
    this.record = new PodRecord(options.podDir, options.state);
    this.starter = new ContainerStarter(options.context, this.record, () => this.poke());
    this.reporter = new StatusReporter(options.context.api);
  }

  get isFinished(): boolean {
    return this.record.state.finished !== undefined;
  }

  /** Takes the newest object; undefined when it was deleted from the server. */
  update(pod: Pod | undefined): void {
    if (pod === undefined) this.isObjectGone = true;
    else this.pod = pod;
    this.poke();
  }

  /** Looks at the pod soon; turns of one pod never overlap. */
  poke(): void {
    if (this.isTurnWaiting || this.isClosed) return;
    this.isTurnWaiting = true;
    this.turn = this.turn.then(() => this.take());
  }

  /** Leaves the processes alone and does nothing more. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.turn;
  }

  /** Ends the pod because its machine stops; resolves when that is done and said. */
  async stop(): Promise<void> {
    this.isMachineStopping = true;
    for (;;) {
      this.poke();
      await this.turn;
      if (this.isFinished || this.isClosed) return;
      await delay(this.context.timings.pollSeconds * 200);
    }
  }

  private async take(): Promise<void> {
    this.isTurnWaiting = false;
    if (this.isClosed) return;
    clearTimeout(this.timer);
    try {
      await this.advance();
      await this.say();
      await this.letGo();
    } catch (error) {
      this.context.log.warn({ err: error, pod: this.pod.metadata.name }, "Pod not brought forward, trying again");
    }
    if (this.isClosed || this.isFinished) return;
    this.timer = setTimeout(() => this.poke(), this.context.timings.pollSeconds * 1000);
  }

  private async advance(): Promise<void> {
    const { metadata, spec } = this.pod;
    const grace = spec.terminationGracePeriodSeconds;
    const isDeleted = metadata.deletionTimestamp !== undefined || this.isObjectGone;
    if (isDeleted) await this.requestStop("Deleted", metadata.deletionGracePeriodSeconds ?? grace);
    if (this.isMachineStopping) await this.requestStop("Stopped", grace);
    let hasChanged = true;
    while (hasChanged && !this.isFinished) {
      await this.look();
      hasChanged = false;
      for (const action of nextActions(spec, this.record.state, this.context.now(), this.context.timings)) {
        hasChanged = (await this.perform(action)) || hasChanged;
      }
    }
    if (!this.isFinished) await this.starter.renew(this.pod);
  }

  private async look(): Promise<void> {
    for (const [name, container] of Object.entries(this.record.state.containers)) {
      const seen = await observe(this.record.podDir, name, container, this.context.now());
      if (seen === container) continue;
      this.endLeftovers(name, container.running?.run);
      await this.record.keepContainer(name, seen);
      this.context.log.info({ pod: this.pod.metadata.name, container: name, exitCode: seen.last?.exitCode }, "Container ended");
    }
  }

  /** What a command of the user's left may be anywhere; a program of ours leaves nothing outside of its group. */
  private endLeftovers(name: string, run: number | undefined): void {
    const { initContainers, containers } = this.pod.spec;
    const container = [...initContainers, ...containers].find((candidate) => candidate.name === name);
    if (run !== undefined && container !== undefined && hasOwnCommand(container)) endMarked(runDirOf(this.record.podDir, name, run));
  }

  /** False when nothing came of the action. */
  private async perform(action: PodAction): Promise<boolean> {
    switch (action.kind) {
      case "start":
        return this.starter.start(this.pod, action.container);
      case "terminate":
        return this.terminate(action.container);
      case "kill":
        return this.kill(action.container);
      case "stop":
        return this.requestStop(action.cause, action.graceSeconds);
      case "finish":
        await this.record.keep({ finished: action.finish });
        this.context.log.info({ pod: this.pod.metadata.name, ...action.finish }, "Pod ended");
        this.options.onFinish();
        return true;
    }
  }

  /** The signal goes first: should the process runner die between, it is sent again rather than never. */
  private async terminate(name: string): Promise<boolean> {
    const { running, ...rest } = this.record.container(name);
    if (running === undefined) return false;
    if (isRunning(running.pid, running.start)) signal(running.pid, "SIGTERM");
    await this.record.keepContainer(name, { ...rest, running: { ...running, isTermed: true } });
    return true;
  }

  /** The note goes first, so that the end is known as ours. */
  private async kill(name: string): Promise<boolean> {
    const { running, ...rest } = this.record.container(name);
    if (running === undefined) return false;
    await this.record.keepContainer(name, { ...rest, running: { ...running, isKilled: true } });
    if (isRunning(running.pid, running.start)) signal(-running.pid, "SIGKILL");
    return true;
  }

  /** A later request can only shorten the grace; the first cause stays. */
  private async requestStop(cause: StopCause, graceSeconds: number): Promise<boolean> {
    const { stopping, finished } = this.record.state;
    const deadline = this.context.now() + graceSeconds * 1000;
    if (finished !== undefined || (stopping !== undefined && stopping.deadline <= deadline)) return false;
    await this.record.keep({ stopping: { cause: stopping?.cause ?? cause, deadline } });
    return true;
  }

  private async say(): Promise<void> {
    if (this.isObjectGone) return;
    await this.reporter.report({ pod: this.pod, state: this.record.state, waiting: this.starter.waiting, now: this.context.now() });
  }

  /** After the end: drops what nobody needs, then the object when it is being deleted, then the folder. */
  private async letGo(): Promise<void> {
    if (!this.isFinished) return;
    const { podDir } = this.record;
    if (!this.context.keepVolumes) await removeIfThere(join(podDir, "volumes"));
    await removeIfThere(join(podDir, "tmp"));
    if (this.isObjectGone) {
      this.isClosed = true;
      await removeIfThere(podDir);
      this.options.onGone();
    } else if (this.pod.metadata.deletionTimestamp !== undefined && (await this.context.hasCounted(this.pod))) {
      const { metadata } = this.pod;
      const options = { gracePeriodSeconds: 0, preconditions: { uid: metadata.uid } };
      await unlessMissing(this.context.api.remove(paths.pod(metadata), options));
    }
  }
}

async function removeIfThere(path: string): Promise<void> {
  if (existsSync(path)) await rm(path, { recursive: true, force: true });
}
