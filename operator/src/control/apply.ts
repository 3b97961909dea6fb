import { annotation, type Attempt } from "@codybatch/crds";
import type { Client, CreateOptions } from "../cluster/client.ts";
import { ApiError } from "../cluster/errors.ts";
import type { Expectations } from "../cluster/expectations.ts";
import type { KubeObject } from "../cluster/object.ts";
import { resources, type Resource } from "../cluster/resource.ts";
import type { ReadStore, Stored } from "../cluster/store.ts";
import type { Log } from "../log.ts";
import { mergePatchOf } from "../reconcile/merge-patch.ts";
import { newLooks, type EndedLook } from "../reconcile/task/ended.ts";
import { newEnds } from "../reconcile/try.ts";
import type { Action } from "../reconcile/wish.ts";
import type { RecorderAccess } from "./access.ts";
import type { Caches } from "./caches.ts";
import { CacheBehind } from "./cache-behind.ts";
import type { EventRecorder } from "./events.ts";
import { changesetManifest, promptManifest } from "./manifests.ts";

/** An object that is not ours has a name that we need. */
export class NameTaken extends Error {
  override readonly name = "NameTaken";
  readonly kind: string;
  readonly object: string;

  constructor(kind: string, object: string) {
    super(`the ${kind} ${object} belongs to somebody else`);
    this.kind = kind;
    this.object = object;
  }
}

/** The API server will not have this Job, by a quota, a policy, or because its settings contradict each other. */
export class JobRefused extends Error {
  override readonly name = "JobRefused";
  readonly changeset: string;

  constructor(changeset: string, cause: ApiError) {
    super(cause.message, { cause });
    this.changeset = changeset;
  }
}

/** Counts the operator's writes, by kind of action. */
export type CountWrite = (action: Action["kind"]) => void;

/** Counts an attempt whose end has just become status. */
export type CountEnd = (attempt: Attempt) => void;

/** Counts a search, or a look at pull requests, whose end has just become status. */
export type CountLook = (look: EndedLook) => void;

export interface ApplyOptions {
  readonly client: Client;
  readonly caches: Caches;
  readonly expectations: Expectations;
  readonly events: EventRecorder;
  readonly access: RecorderAccess;
  readonly countWrite: CountWrite;
  readonly countEnd: CountEnd;
  readonly countLook: CountLook;
  readonly log: Log;
}

/** One reconcile's hand: carries out actions on behalf of one key, in order. A repeated action changes nothing. */
export class Hand {
  readonly #options: ApplyOptions;
  readonly #key: string;
  readonly #namespace: string;

  constructor(options: ApplyOptions, key: string, namespace: string) {
    this.#options = options;
    this.#key = key;
    this.#namespace = namespace;
  }

  /** Throws {@link NameTaken}, {@link JobRefused} or what the client throws. */
  async apply(action: Action): Promise<void> {
    this.#options.countWrite(action.kind);
    this.#options.log.debug({ key: this.#key, action: action.kind }, "carrying out an action");
    await this.#carryOut(action);
    if (action.kind === "PatchChangesetStatus") newEnds(action).forEach(this.#options.countEnd);
    if (action.kind === "PatchBatchStatus") newLooks(action.batch.status, action.status).forEach(this.#options.countLook);
  }

  #carryOut(action: Action): Promise<void> {
    if ("status" in action) return this.#patchStatusOf(action);
    if ("manifest" in action) return this.#start(action);
    if ("because" in action) return this.#suspend(action);
    if (isDeletion(action)) return this.#delete(action);
    switch (action.kind) {
      case "EnsureRecorderAccess":
        return this.#options.access.ensure(this.#key, this.#namespace);
      case "CreatePrompt":
      case "CreateChangeset":
        return this.#createOwned(action);
      case "RaiseRetryGeneration":
        return this.#raiseRetryGeneration(action);
      case "EmitEvent":
        return this.#options.events.emit(this.#namespace, action.notice);
    }
  }

  #patchStatusOf(action: Extract<Action, { kind: "PatchChangesetStatus" | "PatchBatchStatus" }>): Promise<void> {
    const { changesets, batches } = this.#options.caches;
    if (action.kind === "PatchBatchStatus") {
      return this.#patchStatus(resources.batchChanges, action.batch, action.status, batches);
    }
    return this.#patchStatus(resources.changesets, action.changeset, action.status, changesets);
  }

  #createOwned(action: Extract<Action, { kind: "CreatePrompt" | "CreateChangeset" }>): Promise<void> {
    const { caches } = this.#options;
    const owner = action.batch.metadata.uid;
    if (action.kind === "CreatePrompt") {
      return this.#create(resources.configMaps, promptManifest(action), owner, caches.records);
    }
    return this.#create(resources.changesets, changesetManifest(action), owner, caches.changesets);
  }

  #delete(action: Deletion): Promise<void> {
    const { jobs, tasks, records, batches } = this.#options.caches;
    if (action.kind === "DeleteJob") return this.#remove(resources.jobs, action, jobs);
    if (action.kind === "DeleteTask") return this.#remove(resources.jobs, action, tasks);
    if (action.kind === "DeleteConfigMap") return this.#remove(resources.configMaps, action, records);
    return this.#remove(resources.batchChanges, action.batch.metadata, batches);
  }

  #wrote(cache: Written, object: KubeObject): void {
    cache.learn(this.#namespace, object);
    this.#options.expectations.wrote(this.#key, cache.store(this.#namespace), object.metadata);
  }

  async #create(resource: Resource, manifest: object, owner: string, cache: Written): Promise<void> {
    this.#wrote(cache, await this.#createOrFind(resource, manifest, owner));
  }

  /** A name that is taken is success only when the owner is ours: then an earlier pass made it and died before it knew. */
  async #createOrFind(resource: Resource, manifest: object, owner: string, options?: CreateOptions): Promise<KubeObject> {
    const { client } = this.#options;
    try {
      return await client.create(resource, this.#namespace, manifest, options);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 409 && error.reason === "AlreadyExists")) throw error;
      const name = nameIn(manifest);
      const found = await client.get(resource, this.#namespace, name);
      if (found?.metadata.ownerReferences?.some(({ uid }) => uid === owner) === true) return found;
      throw new NameTaken(resource.kind, name);
    }
  }

  /** The watch soon tells of it, with what the Job controller makes of it: nothing waits for its state before. */
  async #start(action: Extract<Action, { kind: "CreateJob" | "CreateTask" }>): Promise<void> {
    const { caches, expectations, log } = this.#options;
    const { metadata } = action.kind === "CreateJob" ? action.changeset : action.owner;
    const cache = action.kind === "CreateJob" ? caches.jobs : caches.tasks;
    try {
      const job = await this.#createOrFind(resources.jobs, action.manifest, metadata.uid, { metadataOnly: true });
      expectations.wrote(this.#key, cache.store(this.#namespace), job.metadata);
    } catch (error) {
      if (error instanceof ApiError && (error.status === 403 || error.status === 422)) throw new JobRefused(metadata.name, error);
      throw error;
    }
    const money = "reservedNanoUSD" in action ? { reservedNanoUSD: action.reservedNanoUSD } : {};
    log.info({ key: this.#key, job: action.name, ...money }, "started a Job");
  }

  async #raiseRetryGeneration({ changeset, retryGeneration }: Extract<Action, { kind: "RaiseRetryGeneration" }>): Promise<void> {
    const { client, caches } = this.#options;
    const { name, resourceVersion } = changeset.metadata;
    const body = { metadata: { resourceVersion }, spec: { retryGeneration } };
    this.#wrote(caches.changesets, await client.mergePatch(resources.changesets, this.#namespace, name, body));
  }

  async #suspend({ kind, name, uid, because }: Extract<Action, { kind: "SuspendJob" | "SuspendTask" }>): Promise<void> {
    const { client, caches, log } = this.#options;
    const cache = kind === "SuspendJob" ? caches.jobs : caches.tasks;
    const body = { metadata: { uid, annotations: { [annotation.stoppedBecause]: because } }, spec: { suspend: true } };
    this.#wrote(cache, await unlessGone(name, () => client.mergePatch(resources.jobs, this.#namespace, name, body)));
    log.info({ key: this.#key, job: name, because }, "stopped a Job");
  }

  async #remove(resource: Resource, { name, uid }: { name: string; uid: string }, cache: Written): Promise<void> {
    await this.#options.client.remove(resource, this.#namespace, name, uid);
    this.#options.expectations.removed(this.#key, cache.store(this.#namespace), uid);
  }

  /** Sends the difference only. The resourceVersion keeps two operators from overwriting each other. */
  async #patchStatus(resource: Resource, object: WithStatus, status: object, cache: Written): Promise<void> {
    const { name, resourceVersion } = object.metadata;
    const patch = mergePatchOf({ ...object.status }, { ...status });
    if (patch === undefined) return;
    const body = { metadata: { resourceVersion }, status: patch };
    const { client } = this.#options;
    this.#wrote(cache, await unlessGone(name, () => client.mergePatch(resource, this.#namespace, name, body, "status")));
  }
}

/** The cache of what is written. */
interface Written {
  readonly store: (namespace: string) => ReadStore<Stored>;
  readonly learn: (namespace: string, raw: unknown) => void;
}

type WithStatus = Stored & { readonly status?: object };

/** What is gone will leave the cache too; the pass is repeated rather than believed done, should the answer have been wrong. */
async function unlessGone(name: string, write: () => Promise<KubeObject>): Promise<KubeObject> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) throw new CacheBehind(`the cache has ${name}, which is gone`);
    throw error;
  }
}

function nameIn(manifest: object): string {
  const metadata: unknown = Reflect.get(manifest, "metadata");
  const name: unknown = typeof metadata === "object" && metadata !== null ? Reflect.get(metadata, "name") : undefined;
  return typeof name === "string" ? name : "";
}

type Deletion = Extract<Action, { kind: `Delete${string}` }>;

function isDeletion(action: Action): action is Deletion {
  return action.kind.startsWith("Delete");
}
