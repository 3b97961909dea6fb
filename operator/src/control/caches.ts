import { label, tasks, type Changeset } from "@codybatch/crds";
import type { Client } from "../cluster/client.ts";
import type { Clock } from "../cluster/clock.ts";
import { slimMetadata } from "../cluster/object.ts";
import { Reflector, type ReflectorTimes } from "../cluster/reflector.ts";
import { resources, type Resource } from "../cluster/resource.ts";
import type { Change, Index, ReadStore, Stored } from "../cluster/store.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { ObservedJob, ObservedPod, ObservedRecord } from "../reconcile/observed.ts";
import { occupiesSlot } from "../reconcile/pods.ts";
import { slimBatch, slimChangeset, type KeptBatch } from "../reconcile/slim-kinds.ts";
import { slimJob, slimPod, slimRecord, type Kept } from "../reconcile/slim.ts";
import { slimTask, slimTaskPod } from "../reconcile/task/slim.ts";
import type { ObservedTask, TaskPod } from "../reconcile/task/task.ts";
import { keyOf } from "./key.ts";

export interface CacheOptions {
  readonly client: Client;
  /** Empty for all. */
  readonly namespaces: readonly string[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly times: ReflectorTimes;
  /** Told the key of every BatchChange about which something changed. */
  readonly onChange: (key: string) => void;
}

/** One kind of object in every watched namespace. */
export class Cache<T extends Stored> {
  readonly #reflectors: ReadonlyMap<string | undefined, Reflector<T>>;

  constructor(reflectors: ReadonlyMap<string | undefined, Reflector<T>>) {
    this.#reflectors = reflectors;
  }

  get reflectors(): readonly Reflector<T>[] {
    return [...this.#reflectors.values()];
  }

  /** The store that holds a namespace. */
  store(namespace: string): ReadStore<T> {
    return this.#reflector(namespace).store;
  }

  get(namespace: string, name: string): T | undefined {
    return this.store(namespace).get(namespace, name);
  }

  /** Takes in what a write was answered with, so that nobody waits for the watch to tell of it. */
  learn(namespace: string, raw: unknown): void {
    this.#reflector(namespace).learn(raw);
  }

  /** `namespace/name` of every object. */
  keys(): readonly string[] {
    return this.reflectors.flatMap(({ store }) => store.all().map(({ metadata }) => keyOf(metadata.namespace, metadata.name)));
  }

  /** Objects under one key of an index, of all namespaces. */
  by(index: string, key: string): readonly T[] {
    return this.reflectors.flatMap(({ store }) => store.by(index, key));
  }

  #reflector(namespace: string): Reflector<T> {
    const reflector = this.#reflectors.get(undefined) ?? this.#reflectors.get(namespace);
    if (reflector === undefined) throw new Error(`namespace ${namespace} is not watched`);
    return reflector;
  }
}

/** Everything that decisions are made from, kept up to date by watches. */
export interface Caches {
  readonly batches: Cache<KeptBatch>;
  readonly changesets: Cache<Changeset>;
  readonly jobs: Cache<Kept<ObservedJob>>;
  readonly pods: Cache<Kept<ObservedPod>>;
  readonly records: Cache<Kept<ObservedRecord>>;
  readonly tasks: Cache<Kept<ObservedTask>>;
  readonly taskPods: Cache<Kept<TaskPod>>;
  /** Bytes of all stored results. */
  readonly storedBytes: () => number;
}

/** Makes the caches; nothing is read before their reflectors are started. */
export function createCaches(options: CacheOptions): Caches {
  let bytes = 0;
  const ofBatch = ({ namespace, batchChange }: { namespace: string; batchChange: string }): string => keyOf(namespace, batchChange);
  const owned = <T extends { namespace: string; batchChange: string }>(object: T): readonly string[] => [ofBatch(object)];
  const change = `${label.role}=change`;
  const task = `${label.role} in (${tasks.join(",")})`;
  return {
    batches: cacheOf(options, {
      resource: resources.batchChanges,
      slim: (raw) => slimBatch(raw, slimMetadata(raw)),
      keysOf: ({ metadata }) => [keyOf(metadata.namespace, metadata.name)],
    }),
    changesets: cacheOf(options, {
      resource: resources.changesets,
      slim: (raw) => slimChangeset(raw, slimMetadata(raw)),
      keysOf: ({ metadata, spec }) => [keyOf(metadata.namespace, spec.batchChange)],
      indexes: { publishing: ({ status }) => (status?.publishing === undefined ? [] : ["any"]) },
    }),
    jobs: cacheOf(options, {
      resource: resources.jobs,
      labelSelector: change,
      slim: slimJob,
      keysOf: owned,
      indexes: { slot: (job) => (occupiesSlot(job) ? ["held"] : []), namespace: (job) => [job.namespace] },
    }),
    pods: cacheOf(options, { resource: resources.pods, labelSelector: change, slim: slimPod, keysOf: owned }),
    tasks: cacheOf(options, {
      resource: resources.jobs,
      labelSelector: task,
      slim: slimTask,
      keysOf: owned,
      indexes: { task: (job) => [job.task] },
    }),
    taskPods: cacheOf(options, { resource: resources.pods, labelSelector: task, slim: slimTaskPod, keysOf: owned }),
    records: cacheOf(options, {
      resource: resources.configMaps,
      labelSelector: label.role,
      metadataOnly: true,
      slim: slimRecord,
      keysOf: owned,
      watched: (change) => {
        bytes += change.kind === "deleted" ? -change.object.bytes : change.object.bytes;
        if (change.kind === "updated") bytes -= change.previous.bytes;
      },
    }),
    storedBytes: () => bytes,
  };
}

interface CacheOf<T extends Stored> {
  readonly resource: Resource;
  readonly labelSelector?: string;
  readonly metadataOnly?: boolean;
  readonly slim: (raw: unknown) => T | undefined;
  /** Keys of the BatchChanges that an object concerns; also the index `batch`. */
  readonly keysOf: Index<T>;
  readonly indexes?: Readonly<Record<string, Index<T>>>;
  readonly watched?: (change: Change<T>) => void;
}

function cacheOf<T extends Stored>(options: CacheOptions, { keysOf, indexes, watched, ...what }: CacheOf<T>): Cache<T> {
  const { client, namespaces, clock, random, log, metrics, times } = options;
  const onChange = (change: Change<T>): void => {
    watched?.(change);
    keysOf(change.object).forEach(options.onChange);
  };
  // The first increase of a series that was not there before is none to Prometheus.
  metrics.watchMisses.inc({ resource: what.resource.plural }, 0);
  const scopes = namespaces.length === 0 ? [undefined] : namespaces;
  const reflectors = scopes.map((namespace) => {
    const scope = namespace === undefined ? {} : { namespace };
    const shared = { client, clock, random, log, metrics, times };
    return [namespace, new Reflector<T>({ ...shared, ...what, ...scope, indexes: { ...indexes, batch: keysOf }, onChange })] as const;
  });
  return new Cache(new Map(reflectors));
}
