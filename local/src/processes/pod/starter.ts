import { join } from "node:path";

import type { Pod } from "../api/pod.ts";
import { ContainerRefusal } from "../container/refusal.ts";
import type { WaitingReason } from "../container/refusal.ts";
import { prepareStart } from "../container/start.ts";
import { makeVolumes, renewTokens, tokenSeconds } from "../volume/folder.ts";
import type { VolumePlace } from "../volume/folder.ts";
import type { NodeContext } from "./context.ts";
import type { PodRecord } from "./record.ts";
import type { Waiting } from "./status.ts";

interface Refused {
  readonly reason: WaitingReason;
  readonly message: string;
  readonly retryAt: number;
}

/** Starts a pod's containers, its volumes first, and remembers why one could not start. */
export class ContainerStarter {
  private readonly context: NodeContext;
  private readonly record: PodRecord;
  private readonly onExit: () => void;
  private readonly refused = new Map<string, Refused>();
  private renewAt: number;

  constructor(context: NodeContext, record: PodRecord, onExit: () => void) {
    this.context = context;
    this.record = record;
    this.onExit = onExit;
    this.renewAt = context.now();
  }

  get waiting(): Waiting {
    return this.refused;
  }

  /** False when the container cannot start now; it is tried again after a pause. */
  async start(pod: Pod, name: string): Promise<boolean> {
    const earlier = this.refused.get(name);
    if (earlier !== undefined && this.context.now() < earlier.retryAt) return false;
    try {
      await this.launch(pod, name);
      this.refused.delete(name);
      return true;
    } catch (error) {
      this.refuse(pod, name, error);
      return false;
    }
  }

  /** Writes new tokens when the old ones have used most of their life. */
  async renew(pod: Pod): Promise<void> {
    const seconds = tokenSeconds(pod);
    if (seconds === undefined || !this.record.state.areVolumesMade || this.context.now() < this.renewAt) return;
    await renewTokens(pod, this.place(), this.context);
    this.renewAt = this.context.now() + seconds * 1000;
  }

  private async launch(pod: Pod, name: string): Promise<void> {
    const container = [...pod.spec.initContainers, ...pod.spec.containers].find((candidate) => candidate.name === name);
    if (container === undefined) return;
    await this.fillVolumes(pod);
    const { last } = this.record.container(name);
    const run = last === undefined ? 0 : last.run + 1;
    const { podDir } = this.record;
    const { pid, start, go } = await prepareStart(this.context, { pod, podDir, container, run, onExit: this.onExit });
    const running = { run, pid, start, startedAt: this.context.now(), isTermed: false, isKilled: false };
    await this.record.keepContainer(name, { running, ...(last === undefined ? {} : { last }) });
    go();
    this.context.log.info({ pod: pod.metadata.name, container: name, pid, run }, "Container started");
  }

  private async fillVolumes(pod: Pod): Promise<void> {
    if (this.record.state.areVolumesMade) return;
    await makeVolumes(pod, this.place(), this.context);
    this.renewAt = this.context.now() + (tokenSeconds(pod) ?? 0) * 1000;
    await this.record.keep({ areVolumesMade: true });
  }

  private refuse(pod: Pod, name: string, error: unknown): void {
    const isRepeated = this.refused.has(name);
    const reason = error instanceof ContainerRefusal ? error.reason : "CreateContainerError";
    const message = error instanceof Error ? error.message : String(error);
    const retryAt = this.context.now() + this.context.timings.retrySeconds * 1000;
    this.refused.set(name, { reason: reason === "ErrImagePull" && isRepeated ? "ImagePullBackOff" : reason, message, retryAt });
    if (!isRepeated) this.context.log.warn({ pod: pod.metadata.name, container: name, reason, err: error }, "Container cannot start");
  }

  private place(): VolumePlace {
    return { podDir: this.record.podDir, claimsDir: join(this.context.dir, "claims") };
  }
}
