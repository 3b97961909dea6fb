import { containerName, RunInput, annotation } from "@codybatch/crds";
import { z } from "zod";
import type { Api } from "../../cluster/api.ts";
import type { Pod } from "../../cluster/pod.ts";
import { storeInterrupted, storeReported } from "../../cluster/recorder.ts";
import { follow } from "./watch.ts";

const namespace = "default";
const Job = z.looseObject({
  metadata: z.looseObject({ name: z.string(), uid: z.string() }),
  spec: z.looseObject({
    template: z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()), annotations: z.record(z.string(), z.string()) }),
      spec: z.record(z.string(), z.unknown()),
    }),
  }),
});
type Job = z.infer<typeof Job>;

/** What becomes of a run, by repository and try: a change, nothing to change, or an agent that dies half way. */
export type Play = (input: RunInput) => "change" | "no change" | "crash";

/** Plays Job controller, kubelet and recorder, at once and without processes: each Job gets one pod, with a name that is the same in every run. */
export class Kubelet {
  readonly #api: Api;
  readonly #play: Play;
  readonly #known = new Set<string>();
  readonly #failed = Promise.withResolvers<never>();

  constructor(api: Api, play: Play, { url, signal }: { readonly url: string; readonly signal: AbortSignal }) {
    this.#api = api;
    this.#play = play;
    this.#failed.promise.catch(() => undefined);
    const run = (job: Job): void => void this.#unlessGone(job, this.#run(job)).catch(this.#failed.reject);
    follow(new URL("/apis/batch/v1/jobs", url), signal, ({ type, object }) => {
      if (type === "ADDED" && !this.#known.has(object.metadata.uid)) run(Job.parse(object));
      this.#known.add(object.metadata.uid);
    }).catch(this.#failed.reject);
  }

  /** Rejects when a pod could not be played to its end, although its Job is there. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  async #unlessGone(job: Job, run: Promise<void>): Promise<void> {
    try {
      await run;
    } catch (error) {
      const { status, body } = await this.#api.call("GET", `/apis/batch/v1/namespaces/${namespace}/jobs/${job.metadata.name}`);
      const isThere = status === 200 && Job.parse(body).metadata.uid === job.metadata.uid;
      if (isThere) throw error;
    }
  }

  async #run(job: Job): Promise<void> {
    const pod = (await this.#api.must("POST", `/api/v1/namespaces/${namespace}/pods`, podOf(job))) as unknown as Pod;
    await this.#report(pod, "Running");
    const play = this.#play(RunInput.parse(JSON.parse(pod.metadata.annotations[annotation.input]!)));
    if (play === "crash") await storeInterrupted(this.#api, pod, "half");
    else await storeReported(this.#api, pod, play === "change" ? "whole" : undefined);
    await this.#report(pod, play === "crash" ? "Failed" : "Succeeded");
    const type = play === "crash" ? "Failed" : "Complete";
    const conditions = [{ type, status: "True", reason: "Ended", message: "", lastTransitionTime: now(), lastProbeTime: now() }];
    await this.#patch(`/apis/batch/v1/namespaces/${namespace}/jobs/${job.metadata.name}/status`, { conditions });
  }

  async #report({ metadata }: Pod, phase: "Running" | "Succeeded" | "Failed"): Promise<void> {
    const running = { running: { startedAt: now() } };
    const ended = (exitCode: number) => ({ terminated: { exitCode, reason: "Ended", startedAt: now(), finishedAt: now() } });
    const agent = phase === "Running" ? running : ended(phase === "Failed" ? 137 : 0);
    const status = {
      phase,
      startTime: now(),
      initContainerStatuses: [
        statusOf(containerName.recorder, phase === "Running" ? running : ended(0)),
        statusOf(containerName.clone, ended(0)),
      ],
      containerStatuses: [statusOf(containerName.agent, agent)],
    };
    await this.#patch(`/api/v1/namespaces/${namespace}/pods/${metadata.name}/status`, status);
  }

  async #patch(path: string, status: object): Promise<void> {
    await this.#api.must("PATCH", path, { status }, "application/merge-patch+json");
  }
}

function podOf({ metadata: { name, uid }, spec: { template } }: Job): object {
  const owner = { apiVersion: "batch/v1", kind: "Job", name, uid, controller: true, blockOwnerDeletion: true };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...template.metadata, name: `${name}-pod`, ownerReferences: [owner] },
    spec: template.spec,
  };
}

function statusOf(name: string, state: object): object {
  return { name, state, image: "localhost/codybatch-runner:dev", imageID: "", ready: "running" in state, restartCount: 0 };
}

/** Kubernetes' own times have whole seconds. */
function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, "Z");
}
