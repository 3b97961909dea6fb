import { randomBytes } from "node:crypto";
import type { Freshness } from "@codybatch/dashboard-contract";
import { Reflector, resources, type Client, type Clock, type Log, type Metrics, type ReflectorTimes } from "@codybatch/operator";
import type { z } from "zod";
import { batchEntry, type BatchEntry } from "./batch-entry.ts";
import { ChangeLog, type ObjectChange } from "./change-log.ts";
import { Heartbeat } from "./heartbeat.ts";
import { repositoryEntry, type RepositoryEntry } from "./repository-entry.ts";
import { Words } from "./word.ts";

export interface CatalogueOptions {
  readonly client: Client;
  /** Empty for all. */
  readonly namespaces: readonly string[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly times: ReflectorTimes;
  /** Milliseconds between two looks whether the API server is there. */
  readonly ping: number;
}

/** Watch without a line for so much longer than its own watchdog allows: nobody knows what it missed. */
const patience = 1.2;

/** Every BatchChange and Changeset as a narrow row, watched once for all viewers. */
export class Catalogue {
  readonly #options: CatalogueOptions;
  readonly #batches: readonly Reflector<BatchEntry>[];
  readonly #repositories: readonly Reflector<RepositoryEntry>[];
  readonly #log = new ChangeLog();
  readonly #epoch = randomBytes(4).toString("hex");
  readonly #listeners = new Set<(change: ObjectChange) => void>();
  readonly #turns = new Set<() => void>();
  readonly #namespaces = new Map<string, number>();
  readonly #failed = new Map<string, RepositoryEntry>();
  #listed: readonly BatchEntry[] | undefined;
  readonly #heartbeat: Heartbeat;

  constructor(options: CatalogueOptions) {
    this.#options = options;
    const words = new Words();
    const scopes = options.namespaces.length === 0 ? [undefined] : options.namespaces;
    this.#batches = scopes.map((namespace) => this.#batchReflector(namespace, words));
    this.#repositories = scopes.map((namespace) => this.#repositoryReflector(namespace, words));
    const { client, clock, ping } = options;
    this.#heartbeat = new Heartbeat({ client, clock, interval: ping, onTurn: () => this.#turns.forEach((told) => told()) });
  }

  get watches(): readonly (Reflector<BatchEntry> | Reflector<RepositoryEntry>)[] {
    return [...this.#batches, ...this.#repositories];
  }

  /** False until everything was listed once. */
  get ready(): boolean {
    return this.watches.every(({ synced }) => synced);
  }

  /** What keeps it from being ready, when that is something that is not installed. */
  get missing(): string | undefined {
    return this.watches.map(({ missing }) => missing).find((missing) => missing !== undefined);
  }

  /** Namespaces that hold a BatchChange. */
  get namespaces(): readonly string[] {
    return [...this.#namespaces.keys()];
  }

  start(): void {
    for (const watch of this.watches) watch.start();
    this.#heartbeat.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#heartbeat.stop(), ...this.watches.map((watch) => watch.stop())]);
  }

  freshness(): z.infer<typeof Freshness> {
    const since = this.#staleSince();
    return { version: this.version, ...(since === undefined ? {} : { staleSince: since.toISOString() }) };
  }

  /** Id of the newest change; of another process when the part before the dash differs. */
  get version(): string {
    return this.idOf(this.#log.sequence);
  }

  idOf(sequence: number): string {
    return `${this.#epoch}-${sequence}`;
  }

  /** What changed after an id; undefined when that cannot be told any more. */
  changesSince(id: string): readonly ObjectChange[] | undefined {
    const [epoch, sequence] = id.split("-");
    return epoch === this.#epoch && /^[0-9]{1,15}$/.test(sequence ?? "") ? this.#log.since(Number(sequence)) : undefined;
  }

  /** Gives a function that ends the telling. */
  onChange(told: (change: ObjectChange) => void): () => void {
    this.#listeners.add(told);
    return () => this.#listeners.delete(told);
  }

  /** Told when what is shown grows stale, and when it is fresh again. */
  onTurn(told: () => void): () => void {
    this.#turns.add(told);
    return () => this.#turns.delete(told);
  }

  batches(): readonly BatchEntry[] {
    this.#listed ??= this.#batches.flatMap(({ store }) => store.all());
    return this.#listed;
  }

  batch(namespace: string, name: string): BatchEntry | undefined {
    return first(this.#batches, ({ store }) => store.get(namespace, name));
  }

  repositoriesOf(namespace: string, batchChange: string): readonly RepositoryEntry[] {
    return this.#repositories.flatMap(({ store }) => store.by("batch", `${namespace}/${batchChange}`));
  }

  repository(namespace: string, changeset: string): RepositoryEntry | undefined {
    return first(this.#repositories, ({ store }) => store.get(namespace, changeset));
  }

  failed(): Iterable<RepositoryEntry> {
    return this.#failed.values();
  }

  #staleSince(): Date | undefined {
    const { clock, times } = this.#options;
    const silence = Math.max(...this.watches.map(({ lastActivity }) => clock.now() - lastActivity));
    if (silence > times.silence * patience) return new Date(clock.date().getTime() - silence);
    return this.#heartbeat.silentSince;
  }

  #batchReflector(namespace: string | undefined, words: Words): Reflector<BatchEntry> {
    return new Reflector<BatchEntry>({
      ...this.#common(namespace),
      resource: resources.batchChanges,
      slim: (raw) => batchEntry(raw, words),
      onChange: ({ kind, object }) => {
        this.#listed = undefined;
        const { namespace: place, name } = object.metadata;
        if (kind !== "updated") this.#countNamespace(place, kind === "added" ? 1 : -1);
        this.#tell({ what: "batch", namespace: place, name, batchChange: name, gone: kind === "deleted" });
      },
    });
  }

  #repositoryReflector(namespace: string | undefined, words: Words): Reflector<RepositoryEntry> {
    return new Reflector<RepositoryEntry>({
      ...this.#common(namespace),
      resource: resources.changesets,
      slim: (raw) => repositoryEntry(raw, words),
      indexes: { batch: ({ metadata, batchChange }) => [`${metadata.namespace}/${batchChange}`] },
      onChange: ({ kind, object }) => {
        const { metadata, batchChange, phase } = object;
        if (phase === "Failed" && kind !== "deleted") this.#failed.set(metadata.uid, object);
        else this.#failed.delete(metadata.uid);
        const { namespace: place, name } = metadata;
        this.#tell({ what: "repository", namespace: place, name, batchChange, gone: kind === "deleted" });
      },
    });
  }

  #common(namespace: string | undefined) {
    const { client, clock, random, log, metrics, times } = this.#options;
    return { client, clock, random, log, metrics, times, ...(namespace === undefined ? {} : { namespace }) };
  }

  #countNamespace(namespace: string, by: number): void {
    const count = (this.#namespaces.get(namespace) ?? 0) + by;
    if (count > 0) this.#namespaces.set(namespace, count);
    else this.#namespaces.delete(namespace);
  }

  #tell(change: Omit<ObjectChange, "sequence">): void {
    const numbered = this.#log.add(change);
    for (const told of this.#listeners) told(numbered);
  }
}

function first<T, R>(items: readonly T[], look: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
