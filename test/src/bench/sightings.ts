import { setTimeout as pause } from "node:timers/promises";
import { label } from "@codybatch/crds";
import type { Client, KubeObject, Resource } from "@codybatch/operator";

/** The BatchChange that a Job is labelled with. */
export function batchOfJob({ metadata }: KubeObject): string | undefined {
  return metadata.labels?.[label.batchChange];
}

/** Notes when a watch first tells of an object, by a key of it. */
export class Sightings {
  readonly #client: Client;
  readonly #resource: Resource;
  readonly #keyOf: (object: KubeObject) => string | undefined;
  readonly #seenAt = new Map<string, number>();
  readonly #stop = new AbortController();
  readonly #watching = Promise.withResolvers<void>();
  readonly #ended: Promise<void>;

  constructor(client: Client, resource: Resource, keyOf: (object: KubeObject) => string | undefined) {
    [this.#client, this.#resource, this.#keyOf] = [client, resource, keyOf];
    this.#ended = this.#follow();
  }

  /** Resolves when whatever is made from now on will be seen. */
  get watching(): Promise<void> {
    return this.#watching.promise;
  }

  /** When, by `performance.now()`; waits for it. */
  async seen(key: string): Promise<number> {
    while (!this.#seenAt.has(key)) await Promise.race([pause(1), this.#ended]);
    return this.#seenAt.get(key) ?? 0;
  }

  stop(): void {
    this.#stop.abort();
  }

  async #follow(): Promise<void> {
    const { resourceVersion } = await this.#client.list(this.#resource, {}, () => undefined);
    this.#watching.resolve();
    const start = { resourceVersion, timeoutSeconds: 3600, signal: this.#stop.signal };
    try {
      for await (const { object } of this.#client.watch(this.#resource, start)) this.#note(object as KubeObject);
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }

  #note(object: KubeObject): void {
    const key = this.#keyOf(object);
    if (key !== undefined && !this.#seenAt.has(key)) this.#seenAt.set(key, performance.now());
  }
}
