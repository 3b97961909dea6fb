import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";

import { unlessMissing } from "../api/client.ts";
import { paths } from "../api/paths.ts";
import type { Pod } from "../api/pod.ts";
import { isTerminal } from "../api/pod.ts";
import { isRunning, signal } from "../container/identity.ts";
import { observe } from "../container/observe.ts";
import { ContainerRefusal } from "../container/refusal.ts";
import { prepareStart } from "../container/start.ts";
import { makeVolumes, renewTokens, tokenSeconds } from "../volume/folder.ts";
import type { NodeContext } from "./context.ts";
import type { PodState, Running, StopCause } from "./state.ts";
import { saveState, withContainer } from "./state.ts";
import type { PodStatus } from "./status.ts";
import { podStatus } from "./status.ts";
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

interface Refused {
  readonly reason: ContainerRefusal["reason"];
  readonly message: string;
  readonly retryAt: number;
}

/** Runs one pod to its end, as the kubelet would. Every effect follows from the state on disk, which is written before the effect shows. */
export class PodWorker {
  private readonly options: WorkerOptions;
  private readonly context: NodeContext;
  private readonly refused = new Map<string, Refused>();
  private pod: Pod;
  private state: PodState;
  private isObjectGone = false;
  private written: PodStatus | undefined;
  private renewAt: number;
  private turn: Promise<void> = Promise.resolve();
  private isTurnWaiting = false;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  private isMachineStopping = false;

  constructor(options: WorkerOptions) {
    this.options = options;
    this.context = options.context;
    this.pod = options.pod;
    this.state = options.state;
    this.renewAt = this.context.now();
  }

  get isFinished(): boolean {
    return this.state.finished !== undefined;
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
    do {
      this.poke();
      await this.turn;
      if (!this.isFinished) await new Promise((resolve) => setTimeout(resolve, this.context.timings.pollSeconds * 200));
    } while (!this.isFinished && !this.isClosed);
  }

  private async take(): Promise<void> {
    this.isTurnWaiting = false;
    if (this.isClosed) return;
    clearTimeout(this.timer);
    try {
      await this.advance();
      await this.renewTokens();
      await this.report();
      await this.letGo();
    } catch (error) {
      this.context.log.warn({ err: error, pod: this.pod.metadata.name }, "Pod not brought forward, trying again");
    }
    if (!this.isClosed) this.timer = setTimeout(() => this.poke(), this.pause());
  }

  private pause(): number {
    const { pollSeconds, resyncSeconds } = this.context.timings;
    return (this.isFinished ? resyncSeconds : pollSeconds) * 1000;
  }

  private async advance(): Promise<void> {
    const { metadata, spec } = this.pod;
    if (metadata.deletionTimestamp !== undefined || this.isObjectGone) {
      await this.requestStop("Deleted", metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds);
    }
    if (this.isMachineStopping) await this.requestStop("Stopped", spec.terminationGracePeriodSeconds);
    let hasChanged = true;
    while (hasChanged && !this.isFinished) {
      await this.look();
      hasChanged = false;
      for (const action of nextActions(spec, this.state, this.context.now(), this.context.timings)) {
        hasChanged = (await this.perform(action)) || hasChanged;
      }
    }
  }

  private async look(): Promise<void> {
    for (const [name, container] of Object.entries(this.state.containers)) {
      const seen = await observe(this.options.podDir, name, container, this.context.now());
      if (seen === container) continue;
      await this.keep(withContainer(this.state, name, seen));
      const { exitCode, run } = seen.last ?? {};
      this.context.log.info({ pod: this.pod.metadata.name, container: name, exitCode, run }, "Container ended");
    }
  }

  /** False when the action could not be done now. */
  private async perform(action: PodAction): Promise<boolean> {
    switch (action.kind) {
      case "start":
        return this.start(action.container);
      case "terminate":
        return this.terminate(action.container);
      case "kill":
        return this.kill(action.container);
      case "stop":
        return this.requestStop(action.cause, action.graceSeconds);
      case "finish":
        await this.keep({ ...this.state, finished: action.finish });
        this.context.log.info({ pod: this.pod.metadata.name, ...action.finish }, "Pod ended");
        this.options.onFinish();
        return true;
    }
  }

  private async start(name: string): Promise<boolean> {
    const earlier = this.refused.get(name);
    if (earlier !== undefined && this.context.now() < earlier.retryAt) return false;
    try {
      await this.launch(name);
      this.refused.delete(name);
      return true;
    } catch (error) {
      this.refuse(name, error, earlier !== undefined);
      return false;
    }
  }

  private refuse(name: string, error: unknown, isRepeated: boolean): void {
    const reason = error instanceof ContainerRefusal ? error.reason : "CreateContainerError";
    const message = error instanceof Error ? error.message : String(error);
    const retryAt = this.context.now() + this.context.timings.retrySeconds * 1000;
    this.refused.set(name, { reason: reason === "ErrImagePull" && isRepeated ? "ImagePullBackOff" : reason, message, retryAt });
    if (!isRepeated) this.context.log.warn({ pod: this.pod.metadata.name, container: name, reason, err: error }, "Container cannot start");
  }

  private async launch(name: string): Promise<void> {
    const { pod, context } = this;
    const { podDir } = this.options;
    const container = [...pod.spec.initContainers, ...pod.spec.containers].find((candidate) => candidate.name === name);
    if (container === undefined) return;
    await this.makeVolumes();
    const last = this.state.containers[name]?.last;
    const run = last === undefined ? 0 : last.run + 1;
    const launched = await prepareStart(context, { pod, podDir, container, run, onExit: () => this.poke() });
    const { pid, start } = launched;
    const running = { run, pid, start, startedAt: context.now(), isTermed: false, isKilled: false };
    await this.keep(withContainer(this.state, name, { running, ...(last === undefined ? {} : { last }) }));
    launched.go();
    context.log.info({ pod: pod.metadata.name, container: name, pid, run }, "Container started");
  }

  private async makeVolumes(): Promise<void> {
    if (this.state.areVolumesMade) return;
    await makeVolumes(this.pod, this.place(), this.context);
    this.renewAt = this.context.now() + (tokenSeconds(this.pod) ?? 0) * 1000;
    await this.keep({ ...this.state, areVolumesMade: true });
  }

  private place(): { readonly podDir: string; readonly claimsDir: string } {
    return { podDir: this.options.podDir, claimsDir: join(this.context.dir, "claims") };
  }

  private async terminate(name: string): Promise<boolean> {
    return this.mark(name, { isTermed: true }, ({ pid }) => signal(pid, "SIGTERM"), "after");
  }

  private async kill(name: string): Promise<boolean> {
    return this.mark(name, { isKilled: true }, ({ pid }) => signal(-pid, "SIGKILL"), "before");
  }

  /** Sends a signal and remembers it, so that a restarted process runner neither repeats nor forgets it. */
  private async mark(name: string, mark: Partial<Running>, send: (running: Running) => void, when: "before" | "after"): Promise<boolean> {
    const container = this.state.containers[name];
    const running = container?.running;
    if (running === undefined) return false;
    const deliver = (): void => {
      if (isRunning(running.pid, running.start)) send(running);
    };
    if (when === "after") deliver();
    await this.keep(withContainer(this.state, name, { ...container, running: { ...running, ...mark } }));
    if (when === "before") deliver();
    return true;
  }

  /** A later request can only shorten the grace; the first cause stays. */
  private async requestStop(cause: StopCause, graceSeconds: number): Promise<boolean> {
    const { stopping, finished } = this.state;
    const deadline = this.context.now() + graceSeconds * 1000;
    if (finished !== undefined || (stopping !== undefined && stopping.deadline <= deadline)) return false;
    await this.keep({ ...this.state, stopping: { cause: stopping?.cause ?? cause, deadline } });
    return true;
  }

  private async keep(state: PodState): Promise<void> {
    await saveState(this.options.podDir, state);
    this.state = state;
  }

  private async renewTokens(): Promise<void> {
    const seconds = tokenSeconds(this.pod);
    if (seconds === undefined || this.isFinished || !this.state.areVolumesMade || this.context.now() < this.renewAt) return;
    await renewTokens(this.pod, this.place(), this.context);
    this.renewAt = this.context.now() + seconds * 1000;
  }

  private async report(): Promise<void> {
    if (this.isObjectGone || isTerminal(this.pod)) return;
    const { metadata, spec } = this.pod;
    const before =
      this.written === undefined ? this.pod : { ...this.pod, status: { ...this.pod.status, conditions: [...this.written.conditions] } };
    const status = podStatus(before, this.state, this.refused, this.context.now());
    if (JSON.stringify(status) === JSON.stringify(this.written)) return;
    const { uid } = metadata;
    if (spec.nodeName === undefined && this.written === undefined) {
      await unlessMissing(this.context.api.patch(paths.pod(metadata), { metadata: { uid }, spec: { nodeName: "local" } }));
    }
    await unlessMissing(this.context.api.patch(`${paths.pod(metadata)}/status`, { metadata: { uid }, status }));
    this.written = status;
  }

  /** After the end: drops what nobody needs, then the object when it is being deleted, then the folder. */
  private async letGo(): Promise<void> {
    if (!this.isFinished) return;
    const { podDir } = this.options;
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
