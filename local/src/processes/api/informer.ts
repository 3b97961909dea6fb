import type { Logger } from "pino";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";

import type { Api } from "./client.ts";
import { ApiError } from "./client.ts";
import type { Metadata } from "./metadata.ts";
import { ourSelector } from "./paths.ts";

const listSchema = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.unknown()),
});
const eventSchema = z.looseObject({ type: z.string(), object: z.looseObject({ code: z.number().optional() }) });

interface InformerOptions<T> {
  readonly api: Api;
  readonly path: string;
  readonly parse: (raw: unknown) => T;
  /** Called with each object that is new, changed or gone. */
  readonly onChange: (object: T, isGone: boolean) => void;
  readonly log: Logger;
  /** A watch is ended and the list read anew after so long, so that nothing stays missed. */
  readonly relistSeconds: number;
}

/** A list kept fresh by a watch; lists again whenever the watch ends, for whatever reason. */
export class Informer<T extends { readonly metadata: Metadata }> {
  private readonly objects = new Map<string, T>();
  private readonly options: InformerOptions<T>;
  private readonly stopped = new AbortController();
  private readonly firstList = Promise.withResolvers<void>();
  private loop: Promise<void> = Promise.resolve();

  constructor(options: InformerOptions<T>) {
    this.options = options;
  }

  /** Resolves after the first list. */
  start(): Promise<void> {
    this.loop = this.run();
    return this.firstList.promise;
  }

  async close(): Promise<void> {
    this.stopped.abort();
    this.firstList.resolve();
    await this.loop;
  }

  all(): readonly T[] {
    return [...this.objects.values()];
  }

  get(uid: string): T | undefined {
    return this.objects.get(uid);
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopped.signal.aborted) {
      try {
        const version = await this.list();
        this.firstList.resolve();
        failures = 0;
        await this.watch(version);
      } catch (error) {
        if (this.stopped.signal.aborted) return;
        failures += 1;
        this.options.log.warn({ err: error, path: this.options.path, failures }, "List or watch failed, trying again");
      }
      await this.pause(Math.min(50 * 2 ** failures, 5000));
    }
  }

  private async pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.stopped.signal }).catch(() => {});
  }

  private async list(): Promise<string> {
    const query = new URLSearchParams({ labelSelector: `${ourSelector.key}=${ourSelector.value}` });
    const list = listSchema.parse(await this.options.api.get(`${this.options.path}?${query.toString()}`));
    const seen = new Set(list.items.map((item) => this.put(item)));
    for (const [uid, object] of this.objects) if (!seen.has(uid)) this.drop(uid, object);
    return list.metadata.resourceVersion;
  }

  private async watch(resourceVersion: string): Promise<void> {
    const seconds = this.options.relistSeconds;
    const query = new URLSearchParams({
      labelSelector: `${ourSelector.key}=${ourSelector.value}`,
      watch: "true",
      resourceVersion,
      timeoutSeconds: String(seconds),
    });
    const silence = AbortSignal.timeout((seconds + 5) * 1000);
    const signal = AbortSignal.any([this.stopped.signal, silence]);
    for await (const line of this.options.api.watch(`${this.options.path}?${query.toString()}`, signal)) this.apply(line);
  }

  private apply(line: unknown): void {
    const { type, object } = eventSchema.parse(line);
    if (type === "BOOKMARK") return;
    if (type === "ERROR") throw new ApiError(object.code ?? 500, "WatchError", "the watch was ended by the server");
    if (type !== "DELETED") {
      this.put(object);
      return;
    }
    const gone = this.parsed(object);
    if (gone !== undefined) this.drop(gone.metadata.uid, gone);
  }

  private put(raw: unknown): string | undefined {
    const object = this.parsed(raw);
    if (object === undefined) return undefined;
    const { uid, resourceVersion } = object.metadata;
    const previous = this.objects.get(uid);
    this.objects.set(uid, object);
    if (previous?.metadata.resourceVersion !== resourceVersion) this.options.onChange(object, false);
    return uid;
  }

  private drop(uid: string, object: T): void {
    if (this.objects.delete(uid)) this.options.onChange(object, true);
  }

  private parsed(raw: unknown): T | undefined {
    try {
      return this.options.parse(raw);
    } catch (error) {
      this.options.log.error({ err: error, path: this.options.path }, "Object not understood, ignored");
      return undefined;
    }
  }
}
