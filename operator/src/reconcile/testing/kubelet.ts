import type { RunPatch, RunReason, RunResult } from "@codybatch/crds";
import type { ObservedContainer } from "../observed.ts";
import type { World, WorldJob, WorldPod } from "./world.ts";

const commit = "1".repeat(40);

/** How an agent ends: by default with a change that costs nothing. */
export interface Outcome {
  readonly reason?: RunReason;
  readonly change?: boolean;
  readonly nanoUSD?: number;
  readonly message?: string;
}

/** Plays Job controller, kubelet, agent and recorder in a {@link World}. */
export class Kubelet {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  podOf(job: string): WorldPod | undefined {
    return [...this.#world.pods.values()].findLast((one) => one.job === job);
  }

  /** The Job's pod appears; nothing of it runs yet. */
  createPod({ job }: WorldJob, id: string | number = this.#world.next()): WorldPod {
    const name = `${job.name}-p${id}`;
    const created: WorldPod = {
      job: job.name,
      spentNanoUSD: 0,
      forgotten: false,
      run: undefined,
      pod: {
        namespace: job.namespace,
        name,
        uid: `uid-${name}`,
        jobUID: job.uid,
        batchChange: job.batchChange,
        changeset: job.changeset,
        createdAt: this.#now,
        phase: "Pending",
        graceSeconds: 120,
        containers: containers("Waiting"),
      },
    };
    this.#world.pods.set(name, created);
    return created;
  }

  /** All containers run. */
  run({ pod }: WorldPod): void {
    pod.phase = "Running";
    pod.startedAt = this.#now;
    pod.containers = containers("Running");
  }

  /** Clone has ended, and the toolbox cannot start. */
  holdToolbox({ pod }: WorldPod, reason: string, message: string): void {
    pod.startedAt = this.#now;
    pod.containers = [
      { name: "recorder", state: "Running" },
      { name: "clone", state: "Terminated", exitCode: 0, finishedAt: this.#now },
      { name: "toolbox", image: "registry.example/tools:9", state: "Waiting", reason, message },
      { name: "agent", state: "Waiting", reason: "PodInitializing" },
    ];
  }

  /** What suspending its Job does to a pod whose agent has not started; the recorder has nothing to store. */
  endHeld({ pod, job: name }: WorldPod): void {
    const { job } = this.#world.jobs.get(name)!;
    pod.phase = "Failed";
    pod.deletingSince = this.#now;
    pod.containers = pod.containers.map((one) =>
      one.state === "Running" ? { ...one, state: "Terminated", exitCode: 0, finishedAt: this.#now } : one,
    );
    job.active = 0;
    job.suspendedAt = this.#now;
  }

  /** One more turn of the agent, at this cost. */
  work(one: WorldPod, nanoUSD: number): void {
    one.spentNanoUSD += nanoUSD;
    const progress = {
      version: 1 as const,
      turn: 1,
      activity: "edit_file package.json",
      usage: { ...usage(one.spentNanoUSD), turns: 1 },
      inFlightNanoUSD: 0,
      patch: patch(one),
      updatedAt: this.#now,
    };
    one.run = { progress, record: record("Running", `${one.pod.name}-live`) };
  }

  /** The agent ends by itself and everything is stored. */
  finish(one: WorldPod, { reason = "Reported", change = true, nanoUSD = 0, message }: Outcome = {}): void {
    one.spentNanoUSD += nanoUSD;
    const reported = reason === "Reported" ? { report: report(change) } : {};
    const result: RunResult = {
      version: 1,
      reason,
      message: message ?? `The run ended: ${reason}.`,
      usage: { ...usage(one.spentNanoUSD), turns: 3 },
      warnings: [],
      startedAt: one.pod.startedAt ?? this.#now,
      finishedAt: this.#now,
      ...reported,
      ...(change && reason === "Reported" && { patch: patch(one) }),
    };
    one.run = { result, record: change ? record("Finished", `${one.pod.name}-patch`) : record("Finished") };
    this.#end(one, "Succeeded", 0);
  }

  /** The pod gets SIGTERM and the recorder stores what is there. `disruption` is what the cluster says about it. */
  interrupt(one: WorldPod, disruption: string): void {
    this.#storeInterrupted(one);
    one.pod.disruption = disruption;
    this.#end(one, "Failed", 143);
  }

  /** The agent's process dies by SIGKILL; the recorder lives and stores what is there. */
  killAgent(one: WorldPod): void {
    this.#storeInterrupted(one);
    this.#end(one, "Failed", 137);
  }

  /** The node falls silent: the taint manager deletes the pod, and nobody confirms. A pod that is being deleted is not active. */
  loseNode({ pod, job }: WorldPod): void {
    this.#world.jobs.get(job)!.job.active = 0;
    pod.deletingSince = this.#now;
    pod.disruption = "DeletionByTaintManager";
  }

  /** The pod is gone at once and has stored nothing. */
  vanish(one: WorldPod): void {
    one.run = undefined;
    one.forgotten = true;
    this.#finishJob(one.job, "Failed");
  }

  /** What suspending a Job does: its pods get their grace, the recorder stores, the pods are deleted. */
  obeySuspend({ job }: WorldJob): void {
    this.#endPods(job.name);
    job.active = 0;
    job.suspendedAt = this.#now;
  }

  /** Somebody deletes the Job, and its pods go with it. */
  deleteJob(found: WorldJob): void {
    this.#endPods(found.job.name);
    found.gone = true;
  }

  #endPods(job: string): void {
    for (const one of [...this.#world.pods.values()].filter((pod) => pod.job === job)) {
      if (one.pod.phase === "Running") this.#storeInterrupted(one);
      one.forgotten = true;
    }
  }

  #storeInterrupted(one: WorldPod): void {
    const { progress } = one.run ?? {};
    const stored = record("Interrupted", progress === undefined ? undefined : `${one.pod.name}-patch`);
    one.run = progress === undefined ? { record: stored } : { progress, record: stored };
  }

  #end({ pod, job }: WorldPod, phase: "Succeeded" | "Failed", exitCode: number): void {
    pod.phase = phase;
    pod.containers = containers("Terminated", exitCode, this.#now);
    this.#finishJob(job, phase === "Succeeded" ? "Complete" : "Failed");
  }

  #finishJob(name: string, kind: "Complete" | "Failed"): void {
    const found = this.#world.jobs.get(name);
    if (found === undefined || found.gone) return;
    found.job.active = 0;
    found.job.finished = { kind, reason: kind === "Complete" ? "CompletionsReached" : "BackoffLimitExceeded", at: this.#now };
  }

  get #now(): string {
    return this.#world.now.toISOString();
  }
}

function containers(state: ObservedContainer["state"], exitCode?: number, finishedAt?: string): ObservedContainer[] {
  const ended = exitCode === undefined ? {} : { exitCode, finishedAt: finishedAt! };
  return [
    { name: "recorder", state, ...(state === "Terminated" && { ...ended, exitCode: 0 }) },
    { name: "clone", state: state === "Waiting" ? "Waiting" : "Terminated", ...(state !== "Waiting" && { exitCode: 0 }) },
    { name: "agent", state, ...ended },
  ];
}

function report(change: boolean) {
  const size = change ? { filesChanged: 1, additions: 2, deletions: 1 } : { filesChanged: 0, additions: 0, deletions: 0 };
  return { wereChangesNecessary: change, summary: change ? "Moved to Node 24" : "Nothing to do", explanation: "…", ...size };
}

function usage(costNanoUSD: number) {
  return { turns: 0, input: 100, output: 10, cacheRead: 0, cacheWrite: 0, costNanoUSD };
}

function patch({ pod }: WorldPod): RunPatch {
  const digest = `sha256:${Buffer.from(pod.name).toString("hex").padEnd(64, "0").slice(0, 64)}`;
  return { digest, baseCommit: commit, tree: commit, bytes: 120, filesChanged: 1, additions: 2, deletions: 1 };
}

function record(ended: "Running" | "Finished" | "Interrupted", patchRef?: string) {
  const transcript = { refs: [], events: 3, bytes: 100, truncated: false };
  return patchRef === undefined ? { version: 1 as const, ended, transcript } : { version: 1 as const, ended, transcript, patchRef };
}
