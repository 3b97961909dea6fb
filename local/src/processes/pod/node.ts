import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { unlessMissing } from "../api/client.ts";
import { paths } from "../api/paths.ts";
import type { Pod } from "../api/pod.ts";
import { isTerminal, podSchema } from "../api/pod.ts";
import { makePrivate } from "../disk/atomic.ts";
import type { NodeContext } from "./context.ts";
import type { Finish, PodState } from "./state.ts";
import { freshState, loadPod, loadState, savePod, saveState, StateError } from "./state.ts";
import { unscheduledStatus } from "./status.ts";
import { PodWorker } from "./worker.ts";

const lost: Finish = {
  phase: "Failed",
  reason: "NodeLost",
  message: "The process runner has no readable record of this pod, so what it started is not known.",
};

/** The one node "local": takes pods in up to a limit, gives each a worker, and takes back what an earlier process runner started. */
export class LocalNode {
  private readonly context: NodeContext;
  private readonly maxPods: number;
  private readonly workers = new Map<string, PodWorker>();
  private readonly waiting = new Map<string, Pod>();
  private turn: Promise<void> = Promise.resolve();
  private isDraining = false;

  constructor(context: NodeContext, maxPods: number) {
    this.context = context;
    this.maxPods = maxPods;
    makePrivate(context.dir, "pods");
  }

  /** Takes back folders whose pod is no longer on the server, to end what still runs in them. */
  async adoptOrphans(known: ReadonlySet<string>): Promise<void> {
    for (const uid of readdirSync(join(this.context.dir, "pods"))) if (!known.has(uid)) await this.adoptOrphan(uid);
  }

  /** Takes the newest object of a pod. */
  observe(pod: Pod, isGone: boolean): void {
    const { uid } = pod.metadata;
    const worker = this.workers.get(uid);
    if (worker !== undefined) {
      worker.update(isGone ? undefined : pod);
      return;
    }
    if (isGone) this.waiting.delete(uid);
    else this.waiting.set(uid, pod);
    this.admitSoon();
  }

  /** Looks at one pod, or at all of them, soon. */
  poke(uid?: string): void {
    if (uid !== undefined) this.workers.get(uid)?.poke();
    else for (const worker of this.workers.values()) worker.poke();
    this.admitSoon();
  }

  /** Takes no more pods and ends those that run, each with its grace. */
  async stopAll(): Promise<void> {
    this.isDraining = true;
    await this.turn;
    await Promise.all([...this.workers.values()].map((worker) => worker.stop()));
  }

  /** Leaves all processes alone. */
  async close(): Promise<void> {
    this.isDraining = true;
    await this.turn;
    await Promise.all([...this.workers.values()].map((worker) => worker.close()));
  }

  private async adoptOrphan(uid: string): Promise<void> {
    const podDir = this.dirOf(uid);
    const pod = await loadPod(podDir);
    const state = await this.stored(uid);
    if (pod === undefined || state === undefined) return;
    const found = await unlessMissing(this.context.api.get(paths.pod(pod.metadata)));
    if (found !== undefined && podSchema.parse(found).metadata.uid === uid) return;
    this.context.log.warn({ pod: pod.metadata.name }, "Pod is no longer on the server, ending it");
    this.employ(pod, state).update(undefined);
  }

  /** The stored state; one that cannot be read stands for a lost pod, for nobody knows what it started. */
  private async stored(uid: string): Promise<PodState | undefined> {
    try {
      return await loadState(this.dirOf(uid));
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      this.context.log.error({ err: error, uid }, "State of a pod is unreadable, the pod is lost");
      const state = { ...freshState(this.context.now()), finished: lost };
      await saveState(this.dirOf(uid), state);
      return state;
    }
  }

  private admitSoon(): void {
    if (this.waiting.size === 0 || this.isDraining) return;
    this.turn = this.turn
      .then(() => this.admitAll())
      .catch((error: unknown) => this.context.log.warn({ err: error }, "Pods not taken in, trying again"));
  }

  private async admitAll(): Promise<void> {
    const oldestFirst = [...this.waiting.values()].toSorted((one, other) => (ageKey(one) < ageKey(other) ? -1 : 1));
    for (const pod of oldestFirst) {
      if (this.isDraining) return;
      await this.admit(pod);
    }
  }

  private async admit(pod: Pod): Promise<void> {
    const state = (await this.stored(pod.metadata.uid)) ?? this.firstState(pod);
    if (state === undefined) {
      await this.sayUnscheduled(pod);
      return;
    }
    const podDir = makePrivate(this.dirOf(pod.metadata.uid));
    if (!existsSync(join(podDir, "state.json"))) {
      await savePod(podDir, pod);
      await saveState(podDir, state);
    }
    const newest = this.waiting.get(pod.metadata.uid);
    this.waiting.delete(pod.metadata.uid);
    this.employ(newest ?? pod, state).update(newest);
  }

  /** State of a pod without a folder; undefined when there is no room for it now. */
  private firstState(pod: Pod): PodState | undefined {
    const fresh = freshState(this.context.now());
    if (isTerminal(pod)) return { ...fresh, finished: { phase: pod.status.phase === "Succeeded" ? "Succeeded" : "Failed" } };
    if (pod.status.startTime !== undefined) return { ...fresh, finished: lost };
    const running = [...this.workers.values()].filter((worker) => !worker.isFinished).length;
    return running < this.maxPods || pod.metadata.deletionTimestamp !== undefined ? fresh : undefined;
  }

  private async sayUnscheduled(pod: Pod): Promise<void> {
    if (pod.status.conditions.some(({ type }) => type === "PodScheduled")) return;
    const status = unscheduledStatus(pod, this.maxPods, this.context.now());
    const { uid } = pod.metadata;
    await unlessMissing(this.context.api.patch(`${paths.pod(pod.metadata)}/status`, { metadata: { uid }, status }));
  }

  private employ(pod: Pod, state: PodState): PodWorker {
    const { uid } = pod.metadata;
    const worker = new PodWorker({
      context: this.context,
      pod,
      podDir: this.dirOf(uid),
      state,
      onFinish: () => this.admitSoon(),
      onGone: () => this.workers.delete(uid),
    });
    this.workers.set(uid, worker);
    return worker;
  }

  private dirOf(uid: string): string {
    return join(this.context.dir, "pods", uid);
  }
}

function ageKey({ metadata }: Pod): string {
  return `${metadata.creationTimestamp ?? ""} ${metadata.name}`;
}
