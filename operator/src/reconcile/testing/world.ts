import {
  annotation,
  apiVersion,
  label,
  promptName,
  shortHash,
  type BatchChange,
  type Changeset,
  type RunProgress,
  type RunRecord,
  type RunResult,
} from "@codybatch/crds";
import { admit, type InFlight, type Request } from "../admit.ts";
import { needsAnswer, type Answer } from "../discover/answer.ts";
import type { Limits } from "../limits.ts";
import type { Observed, ObservedJob, ObservedPod, ObservedRecord, ObservedRun } from "../observed.ts";
import type { PublishRoom } from "../pace/grants.ts";
import { plan } from "../plan.ts";
import { occupiesSlot } from "../pods.ts";
import { shareOf } from "../publish/start.ts";
import { defaultSettings, type Settings } from "../settings.ts";
import type { Action, CreateJob } from "../wish.ts";
import type { Bank } from "./bank.ts";
import { limitsOf, start, type SpecInput, specOf } from "./build.ts";
import { TaskJobs } from "./tasks.ts";

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A pod with what its containers stored, and what it has really cost. */
export interface WorldPod {
  pod: Mutable<ObservedPod>;
  job: string;
  run: { result?: RunResult; record?: RunRecord; progress?: RunProgress } | undefined;
  spentNanoUSD: number;
  /** The pod's object is gone; its records stay. */
  forgotten: boolean;
}

export interface WorldJob {
  job: Mutable<ObservedJob>;
  /** The Job's object is gone; what it cost is not. */
  gone: boolean;
  batch: string;
  /** What its containers read, as JSON. */
  input: string;
}

/** A cluster of plain values that carries out actions as the API server would. The kubelet's and the user's part is played by `kubelet.ts` and tests. */
export class World {
  now = start;
  readonly limits: Limits;
  readonly settings: Settings;
  readonly batches = new Map<string, BatchChange>();
  readonly changesets = new Map<string, Changeset>();
  readonly jobs = new Map<string, WorldJob>();
  readonly pods = new Map<string, WorldPod>();
  readonly prompts = new Map<string, ObservedRecord>();
  /** Job names in the order of their creation, deleted ones included. */
  readonly created: string[] = [];
  readonly deletedRecords = new Set<string>();
  /** Jobs that publish, discover and track. */
  readonly tasks = new TaskJobs();
  /** Where namespaces have quotas. */
  bank: Bank | undefined;
  readonly #refused = new Map<string, Request>();
  #counter = 0;

  constructor(limits: Parameters<typeof limitsOf>[0] = {}, settings: Settings = defaultSettings) {
    this.limits = limitsOf(limits);
    this.settings = settings;
  }

  /** A number that no other object has. */
  next(): number {
    this.#counter += 1;
    return this.#counter;
  }

  /** Seconds pass. */
  pass(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1000);
  }

  addBatch(name: string, spec: SpecInput, namespace = "team-a"): string {
    const key = `${namespace}/${name}`;
    const metadata = {
      name,
      namespace,
      uid: `uid-${namespace}-${name}-${this.next()}`,
      generation: 1,
      resourceVersion: String(this.next()),
      creationTimestamp: this.now.toISOString(),
    };
    this.batches.set(key, { apiVersion, kind: "BatchChange", metadata, spec: specOf(spec) });
    return key;
  }

  /** The user edits the spec; the generation rises. */
  edit(key: string, change: SpecInput): void {
    const batch = this.batches.get(key)!;
    const metadata = { ...batch.metadata, generation: batch.metadata.generation + 1 };
    const merged = { ...batch.spec, ...change } as SpecInput;
    this.batches.set(key, { ...batch, metadata, spec: specOf(merged) });
  }

  editChangeset(name: string, spec: Partial<Changeset["spec"]>): void {
    const changeset = this.changesets.get(name)!;
    const metadata = { ...changeset.metadata, generation: changeset.metadata.generation + 1 };
    this.changesets.set(name, { ...changeset, metadata, spec: { ...changeset.spec, ...spec } });
  }

  changesetsOf(key: string): Changeset[] {
    const batch = this.batches.get(key);
    return [...this.changesets.values()].filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === batch?.metadata.uid);
  }

  changesetOf(key: string, repository: string): Changeset {
    return this.changesetsOf(key).find(({ spec }) => spec.repository.name === repository)!;
  }

  /** Jobs that the API server still has. */
  jobsOf(key: string): WorldJob[] {
    return [...this.jobs.values()].filter(({ batch, gone }) => batch === key && !gone);
  }

  observe(key: string): Observed {
    const batch = this.batches.get(key)!;
    const jobs = this.jobsOf(key).map(({ job }) => job);
    const names = new Set(this.changesetsOf(key).map(({ metadata }) => metadata.name));
    const pods = [...this.pods.values()].filter(({ pod }) => names.has(pod.changeset));
    const prompt = batch.spec.prompt ?? "";
    return {
      batch,
      faults: [],
      obstacle: undefined,
      changesets: this.changesetsOf(key),
      jobs,
      pods: pods.filter(({ forgotten }) => !forgotten).map(({ pod }) => pod),
      records: [
        ...[...this.prompts.values()].filter(({ owners }) => owners.includes(batch.metadata.uid)),
        ...pods.flatMap((one) => this.#recordsOf(one)),
        ...this.tasks.recordsOf(key),
      ],
      runs: pods.filter((one) => !one.forgotten || this.#isRemembered(one)).flatMap(runOf),
      tasks: this.tasks.observed(key),
      discovered: this.#discovered(key),
      refusedPods: [],
      refusedJobs: [],
      prompt: { kind: "Known", hash: shortHash(prompt), text: prompt },
      storedBytes: 0,
      failedJobs: [],
      limits: this.limits,
      settings: this.settings,
      now: this.now,
    };
  }

  /** The list that status names, read only where a Changeset is missing. */
  #discovered(key: string): Answer | undefined {
    const batch = this.batches.get(key)!;
    if (!needsAnswer(batch, this.changesetsOf(key))) return undefined;
    const ref = batch.status?.discovery?.ref;
    const isStored = this.tasks.recordsOf(key).some(({ name }) => name === ref);
    const outcome = this.tasks.all.find(({ pod }) => `${pod.name}-result` === ref)?.result?.outcome;
    return isStored && outcome?.kind === "Discovered" ? { kind: "Known", repositories: outcome.repositories } : { kind: "Gone" };
  }

  inFlight(): InFlight[] {
    return [...this.jobs.values()]
      .filter(({ job, gone }) => !gone && occupiesSlot(job))
      .map(({ job, batch }) => ({ namespace: job.namespace, batch, job: job.name }));
  }

  /** What publish Jobs of the last hour leave of the pace. */
  publishRoom(): PublishRoom {
    const { perMinute, contentPerHour, running } = this.settings.publishing;
    const own = this.tasks.all.filter(({ job }) => job.task === "publish");
    const starts = own.map(({ job: { createdAt, namespace }, batch }) => {
      const share = shareOf(namespace, this.batches.get(batch)?.spec);
      return { at: Date.parse(createdAt), namespace, batch, ...share };
    });
    const runs = own.filter(({ job, gone }) => !gone && job.finishedAt === undefined).length;
    return { now: this.now.getTime(), perMinute, contentPerHour, running, runs, starts, held: new Map() };
  }

  /** What the operator would do for one batch; the other batches ask for what they were last refused. */
  actionsFor(key: string): readonly Action[] {
    const { namespace, creationTimestamp } = this.batches.get(key)!.metadata;
    const observed = this.observe(key);
    const purse = this.bank?.purseFor(observed);
    const wishes = plan(purse === undefined ? observed : { ...observed, purse });
    this.#refused.set(key, { batch: key, namespace, createdAt: creationTimestamp, wishes });
    const room = { ...this.limits, publishing: this.publishRoom() };
    const { actions, refused } = admit([...this.#refused.values()], this.inFlight(), room, 0);
    if (!refused.has(key)) this.#refused.delete(key);
    const own = actions.get(key) ?? [];
    this.bank?.reserve(observed, own);
    return own;
  }

  /** Metadata of what a pod's recorder has stored and nobody has deleted. */
  #recordsOf({ pod, run }: WorldPod): ObservedRecord[] {
    if (run === undefined) return [];
    const role = run.record?.ended === "Running" ? "live" : "result";
    const [name, uid] = [`${pod.name}-${role}`, `${pod.uid}-${role}`];
    if (this.deletedRecords.has(uid)) return [];
    const { namespace, batchChange, changeset } = pod;
    return [{ namespace, name, uid, role, batchChange, changeset, podUID: pod.uid, bytes: 1000, createdAt: pod.createdAt, owners: [] }];
  }

  /** Records of a pod that is gone are read only when status names it. */
  #isRemembered({ pod, job }: WorldPod): boolean {
    const status = this.changesets.get(pod.changeset)?.status;
    return status?.job === job && status.pod?.uid === pod.uid;
  }

  /** Does what the API server would do at this write. */
  apply(key: string, action: Action): void {
    if (action.kind === "PatchBatchStatus") this.#patch(this.batches, key, action.status);
    if (action.kind === "PatchChangesetStatus") this.#patch(this.changesets, action.changeset.metadata.name, action.status);
    if (action.kind === "CreatePrompt") this.prompts.set(`${key} ${action.name}`, this.#promptRecord(action));
    if (action.kind === "CreateChangeset") this.#createChangeset(action);
    if (action.kind === "CreateJob") this.#createJob(key, action);
    if (action.kind === "RaiseRetryGeneration") {
      this.editChangeset(action.changeset.metadata.name, { retryGeneration: action.retryGeneration });
    }
    if (action.kind === "SuspendJob") this.#suspend(action);
    this.tasks.apply(key, action, this.now);
    this.#delete(key, action);
  }

  #delete(key: string, action: Action): void {
    if (action.kind === "DeleteJob") this.#deleteJob(action.uid);
    if (action.kind === "DeleteBatchChange") this.removeBatch(key);
    if (action.kind !== "DeleteConfigMap") return;
    this.deletedRecords.add(action.uid);
    for (const [id, { uid }] of this.prompts) if (uid === action.uid) this.prompts.delete(id);
  }

  /** Deletes the BatchChange and, as the garbage collector would, all that it owns. */
  removeBatch(key: string): void {
    for (const { metadata } of this.changesetsOf(key)) this.changesets.delete(metadata.name);
    for (const { job } of this.jobsOf(key)) this.#deleteJob(job.uid);
    this.tasks.forget(key);
    this.batches.delete(key);
    this.#refused.delete(key);
  }

  #patch<T extends { status?: unknown }>(objects: Map<string, T>, key: string, status: unknown): void {
    const object = objects.get(key);
    // Through JSON, as over the wire.
    if (object !== undefined) objects.set(key, { ...object, status: JSON.parse(JSON.stringify(status)) });
  }

  #promptRecord({ name, batch }: Extract<Action, { kind: "CreatePrompt" }>): ObservedRecord {
    const { namespace, name: batchChange, uid } = batch.metadata;
    return {
      namespace,
      name,
      uid: `prompt-${this.next()}`,
      role: "prompt",
      batchChange,
      bytes: 0,
      createdAt: this.now.toISOString(),
      owners: [uid],
    };
  }

  #createChangeset({ name, spec, batch, isFound }: Extract<Action, { kind: "CreateChangeset" }>): void {
    if (this.changesets.has(name)) return;
    this.changesets.set(name, {
      apiVersion,
      kind: "Changeset",
      metadata: {
        name,
        namespace: batch.metadata.namespace,
        uid: `uid-${name}`,
        generation: 1,
        resourceVersion: String(this.next()),
        creationTimestamp: this.now.toISOString(),
        ...(isFound === true && { labels: { [label.discovered]: "true" } }),
        ownerReferences: [{ apiVersion, kind: "BatchChange", name: batch.metadata.name, uid: batch.metadata.uid, controller: true }],
      },
      spec,
    });
  }

  #createJob(batch: string, { name, manifest, changeset }: CreateJob): void {
    if (this.jobs.has(name)) throw new Error(`the Job ${name} is created a second time`);
    this.created.push(name);
    const { labels, annotations, namespace } = manifest.metadata;
    const [attempt, number] = name.split("-").slice(-2).map(Number);
    const job: ObservedJob = {
      namespace,
      name,
      uid: `uid-${name}`,
      batchChange: labels[label.batchChange]!,
      changeset: changeset.metadata.name,
      owner: changeset.metadata.uid,
      attempt: attempt!,
      try: number!,
      createdAt: this.now.toISOString(),
      suspended: false,
      active: 1,
      deleting: false,
      reservedNanoUSD: Number(annotations[annotation.reservedNanoUSD]),
      inputsHash: annotations[annotation.inputsHash]!,
      promptName: promptName(labels[label.batchChange]!, this.batches.get(batch)?.spec.prompt ?? ""),
    };
    const input = manifest.spec.template.metadata.annotations[annotation.input] ?? "";
    this.jobs.set(name, { job, batch, gone: false, input });
  }

  #suspend({ uid, because }: Extract<Action, { kind: "SuspendJob" }>): void {
    const found = [...this.jobs.values()].find(({ job }) => job.uid === uid);
    if (found === undefined) return;
    found.job.suspended = true;
    found.job.stoppedBecause = because;
  }

  #deleteJob(uid: string): void {
    const found = [...this.jobs.values()].find(({ job }) => job.uid === uid);
    if (found === undefined) return;
    found.gone = true;
    for (const one of this.pods.values()) if (one.job === found.job.name) one.forgotten = true;
  }
}

function runOf({ pod, job, run }: WorldPod): ObservedRun[] {
  if (run === undefined) return [];
  const hasResult = run.record?.ended === "Finished" || run.record?.ended === "Interrupted";
  return [{ job, pod: pod.name, podUID: pod.uid, hasResult, hasLive: !hasResult, ...run }];
}
