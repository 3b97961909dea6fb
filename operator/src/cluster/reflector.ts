import { z } from "zod";
import type { Log } from "../log.ts";
import { Backoff } from "./backoff.ts";
import type { Listing, WatchLine } from "./client.ts";
import { sleep } from "./clock.ts";
import { ApiError } from "./errors.ts";
import { missingFor } from "./missing.ts";
import { compareVersions } from "./object.ts";
import { reflectorTimes } from "./reflector-options.ts";
import type { ReflectorOptions, ReflectorTimes } from "./reflector-options.ts";
import { Store } from "./store.ts";
import type { Change, ReadStore, Stored } from "./store.ts";
import { endOf, endOfErrorLine } from "./watch-event.ts";
import type { ListCause, WatchEnd } from "./watch-event.ts";
import { Watchdog } from "./watchdog.ts";

export type { ReflectorOptions, ReflectorTimes } from "./reflector-options.ts";

/** So many lists in a row may be older than the cache before it is believed that the server itself went back (restored from a backup). */
const olderListsRefused = 3;
/** A watch that the server ends sooner than this, in milliseconds, is treated as a failure. */
const shortestWatch = 1000;

const EventObject = z.looseObject({ metadata: z.looseObject({ uid: z.string().default(""), resourceVersion: z.string() }) });

type Told = z.infer<typeof EventObject>["metadata"];

/** Keeps a cache equal to one collection of the API server: list, watch, and over again, until stopped. One loop owns it all. */
export class Reflector<T extends Stored> {
  readonly #options: ReflectorOptions<T>;
  readonly #times: ReflectorTimes;
  readonly #store: Store<T>;
  readonly #backoff: Backoff;
  readonly #stop = new AbortController();
  readonly #log: Log;
  #loop: Promise<void> | undefined;
  #synced = false;
  #missing: string | undefined;
  #lastActivity: number;
  #relistDue = 0;
  #olderLists = 0;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#times = options.times ?? reflectorTimes;
    this.#store = new Store(options.indexes);
    this.#backoff = new Backoff(options.random, this.#times.backoffBase, this.#times.backoffMost);
    this.#lastActivity = options.clock.now();
    this.#log = options.log.child({ watch: this.name });
  }

  /** Such as `jobs` or `jobs in team-a`. */
  get name(): string {
    const { resource, namespace } = this.#options;
    return namespace === undefined ? resource.plural : `${resource.plural} in ${namespace}`;
  }

  get store(): ReadStore<T> {
    return this.#store;
  }

  /** True from the first whole list on. */
  get synced(): boolean {
    return this.#synced;
  }

  /** What is not installed, if that is why the last list was refused. */
  get missing(): string | undefined {
    return this.#missing;
  }

  /** When, by the clock's `now`, a list, a line or a refusal last arrived: where something is not installed, a restart mends nothing. */
  get lastActivity(): number {
    return this.#lastActivity;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Takes in an object as a write of our own was answered, before the watch tells of it; unknown things wait for the watch. */
  learn(raw: unknown): void {
    if (this.#stopped || !this.#synced) return;
    const object = this.#slimOrKnown(raw);
    if (object !== undefined) for (const change of this.#store.learn(object)) this.#tell(change);
  }

  /** Resolves when nothing is under way any more; no change is told afterwards. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #run(): Promise<void> {
    let cause: ListCause = "start";
    while (!this.#stopped) {
      if (await this.#list(cause)) cause = await this.#watchUntilListNeeded();
      else await this.#wait(this.#backoff.next());
    }
  }

  #wait(milliseconds: number): Promise<void> {
    return sleep(this.#options.clock, milliseconds, this.#stop.signal);
  }

  async #list(cause: ListCause): Promise<boolean> {
    const { client, resource, metrics } = this.#options;
    try {
      const listing = await client.list(resource, this.#selection(this.#stop.signal), (raw) => this.#slimOrKnown(raw));
      if (this.#stopped) return false;
      metrics.watchRelists.inc({ resource: resource.plural, cause });
      return this.#adopt(listing, cause);
    } catch (error) {
      if (!this.#stopped) this.#refused(error);
      return false;
    }
  }

  #refused(error: unknown): void {
    const { resource, namespace } = this.#options;
    if (error instanceof ApiError) this.#active();
    this.#missing = missingFor(error, { verb: "list", resource, namespace });
    this.#log.warn({ err: error, ...(this.#missing !== undefined && { missing: this.#missing }) }, "cannot list; trying again");
  }

  #adopt({ items, resourceVersion }: Listing<T>, cause: ListCause): boolean {
    const before = this.#store.resourceVersion;
    const older = compareVersions(resourceVersion, before) < 0;
    this.#olderLists = older ? this.#olderLists + 1 : 0;
    if (older && this.#olderLists < olderListsRefused) {
      this.#log.warn({ resourceVersion, known: before }, "the list is older than the cache; not taken");
      return false;
    }
    if (older) this.#log.error({ resourceVersion, known: before }, "the API server went back in time; taking its state");
    const changes = this.#store.replace(items, resourceVersion, older);
    this.#store.advance(resourceVersion, older);
    this.#synced = true;
    this.#missing = undefined;
    this.#active();
    this.#relistDue = this.#options.clock.now() + this.#times.relist;
    if (cause === "periodic") this.#countMissed(changes, before);
    for (const change of changes) this.#tell(change);
    return true;
  }

  /** What a list brings and the watch, by its resourceVersion, should have told. Deletions carry none of their own, so each counts. */
  #countMissed(changes: readonly Change<T>[], before: string): void {
    const missed = changes.filter(({ object }) => compareVersions(object.metadata.resourceVersion, before) <= 0);
    if (missed.length === 0) return;
    this.#options.metrics.watchMisses.inc({ resource: this.#options.resource.plural }, missed.length);
    this.#log.warn({ missed: missed.length }, "the watch had missed changes; the list brought them");
  }

  async #watchUntilListNeeded(): Promise<ListCause> {
    for (;;) {
      const startedAt = this.#options.clock.now();
      const end = await this.#watch();
      if (this.#stopped) return "error";
      this.#options.metrics.watchEnds.inc({ resource: this.#options.resource.plural, cause: end.cause });
      await this.#wait(this.#delayAfter(end, this.#options.clock.now() - startedAt));
      if (end.list) return end.cause;
    }
  }

  #delayAfter(end: WatchEnd, lasted: number): number {
    if (end.cause === "periodic" || (end.cause === "closed" && lasted >= shortestWatch)) return 0;
    const delay = this.#backoff.next();
    if (end.cause === "throttled") return Math.max(delay, end.waitSeconds * 1000);
    this.#log.info({ cause: end.cause, err: end.error, delayMs: Math.round(delay) }, "the watch ended; starting again");
    return delay;
  }

  async #watch(): Promise<WatchEnd> {
    const { clock, client, resource, random } = this.#options;
    const session = new AbortController();
    let broken: WatchEnd | undefined;
    const breakOff = (end: WatchEnd): void => {
      broken ??= end;
      session.abort();
    };
    const watchdog = new Watchdog(clock, this.#times.silence, () => breakOff({ list: false, cause: "silent" }));
    const cancelRelist = clock.after(this.#relistDue - clock.now(), () => breakOff({ list: true, cause: "periodic" }));
    try {
      const start = { resourceVersion: this.#store.resourceVersion, timeoutSeconds: 240 + Math.floor(random() * 241) };
      const selection = this.#selection(AbortSignal.any([this.#stop.signal, session.signal]));
      for await (const line of client.watch(resource, { ...selection, ...start })) {
        if (session.signal.aborted || this.#stopped) break;
        watchdog.feed();
        const end = this.#take(line);
        if (end !== undefined) return end;
      }
      return broken ?? { list: false, cause: "closed" };
    } catch (error) {
      return broken ?? endOf(error);
    } finally {
      watchdog.stop();
      cancelRelist();
    }
  }

  #take({ type, object }: WatchLine): WatchEnd | undefined {
    this.#active();
    if (type === "ERROR") return endOfErrorLine(object);
    const { metadata } = EventObject.parse(object);
    const { resourceVersion } = metadata;
    this.#backoff.reset();
    // Events come in order, so an older one was told before.
    const isOld = compareVersions(resourceVersion, this.#store.resourceVersion) < 0;
    if (!isOld && type !== "BOOKMARK") for (const change of this.#apply(type, metadata, object)) this.#tell(change);
    this.#store.advance(resourceVersion);
    return undefined;
  }

  #apply(type: string, { uid, resourceVersion }: Told, raw: unknown): readonly Change<T>[] {
    const known = this.#store.byUID(uid)?.metadata.resourceVersion;
    if (type !== "DELETED" && known === resourceVersion) return [];
    const object = this.#slimOrKnown(raw);
    return type === "DELETED" || object === undefined ? this.#store.remove(uid, object, resourceVersion) : this.#store.put(object);
  }

  #slimOrKnown(raw: unknown): T | undefined {
    try {
      return this.#options.slim(raw);
    } catch (error) {
      this.#log.error({ err: error }, "cannot read an object; keeping what is known of it");
      const parsed = EventObject.safeParse(raw);
      return parsed.success ? this.#store.byUID(parsed.data.metadata.uid) : undefined;
    }
  }

  #tell(change: Change<T>): void {
    try {
      this.#options.onChange(change);
    } catch (error) {
      this.#options.metrics.watchHandlerErrors.inc({ resource: this.#options.resource.plural });
      this.#log.error({ err: error }, "the handler of a change failed");
    }
  }

  #active(): void {
    this.#lastActivity = this.#options.clock.now();
  }

  #selection(signal: AbortSignal) {
    const { namespace, labelSelector, metadataOnly } = this.#options;
    return {
      signal,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(metadataOnly === undefined ? {} : { metadataOnly }),
    };
  }
}
