import type { Metadata } from "@codybatch/crds";
import type { Clock } from "./clock.ts";
import { compareVersions } from "./object.ts";
import type { ReadStore, Stored } from "./store.ts";

/** The metadata of what a write was answered with. */
type Written = Pick<Metadata, "uid" | "resourceVersion">;

interface Expectation {
  readonly isMet: () => boolean;
  readonly expiresAt: number;
}

/** How long a cache may lag behind a write before the key goes on without it. */
const expectationLifetime = 60_000;
/** How soon a waiting key is worth another look: a watch event takes about 5 ms (measured), a bookmark a minute. */
const recheck = 100;

/** Read-your-writes: after a write, a key rests until the caches have reached it, so that no decision is taken on the state before. */
export class Expectations {
  readonly #clock: Clock;
  readonly #lifetime: number;
  readonly #byKey = new Map<string, readonly Expectation[]>();

  constructor(clock: Clock, lifetime: number = expectationLifetime) {
    this.#clock = clock;
    this.#lifetime = lifetime;
  }

  /** After a create or patch: the key waits until the cache has this state of the object, or everything up to its resourceVersion. */
  wrote(key: string, store: ReadStore<Stored>, { uid, resourceVersion }: Written): void {
    const reached = (version: string | undefined): boolean => version !== undefined && compareVersions(version, resourceVersion) >= 0;
    this.#expect(key, () => reached(store.resourceVersion) || reached(store.byUID(uid)?.metadata.resourceVersion));
  }

  /** After a delete: the key waits until the cache has the object no more, or as being deleted. */
  removed(key: string, store: ReadStore<Stored>, uid: string): void {
    this.#expect(key, () => {
      const object = store.byUID(uid);
      return object === undefined || object.metadata.deletionTimestamp !== undefined;
    });
  }

  /** 0 when the caches have what the key wrote (or it waited long enough), else milliseconds until it is worth asking again. */
  waitMs(key: string): number {
    const open = this.#open(key);
    if (open.length === 0) {
      this.#byKey.delete(key);
      return 0;
    }
    this.#byKey.set(key, open);
    const now = this.#clock.now();
    return Math.min(recheck, ...open.map(({ expiresAt }) => expiresAt - now));
  }

  /** Milliseconds until the key need not wait any more, even if no event comes; undefined when it does not wait. */
  latestMs(key: string): number | undefined {
    const open = this.#open(key);
    return open.length === 0 ? undefined : Math.max(...open.map(({ expiresAt }) => expiresAt)) - this.#clock.now();
  }

  forget(key: string): void {
    this.#byKey.delete(key);
  }

  #open(key: string): readonly Expectation[] {
    const now = this.#clock.now();
    return (this.#byKey.get(key) ?? []).filter(({ isMet, expiresAt }) => expiresAt > now && !isMet());
  }

  #expect(key: string, isMet: () => boolean): void {
    if (isMet()) return;
    this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), { isMet, expiresAt: this.#clock.now() + this.#lifetime }]);
  }
}
