import type { Metadata } from "@codybatch/crds";
import { compareVersions } from "./object.ts";

export interface Stored {
  readonly metadata: Metadata;
}

export type Change<T> =
  | { readonly kind: "added"; readonly object: T }
  | { readonly kind: "updated"; readonly object: T; readonly previous: T }
  | { readonly kind: "deleted"; readonly object: T };

/** Gives the keys under which an object is found. */
export type Index<T> = (object: T) => readonly string[];

/** What others may do with a cache: read it. Objects in it are shared and must not be changed. */
export interface ReadStore<T> {
  readonly size: number;
  /** Everything up to this resourceVersion is in; `""` before the first list. */
  readonly resourceVersion: string;
  readonly get: (namespace: string, name: string) => T | undefined;
  readonly byUID: (uid: string) => T | undefined;
  readonly all: () => readonly T[];
  /** Objects under one key of a named index; throws on an index that was not declared. */
  readonly by: (index: string, key: string) => readonly T[];
}

/** Objects by uid and by namespace/name. An older resourceVersion never takes the place of a newer one. */
export class Store<T extends Stored> implements ReadStore<T> {
  readonly #objects = new Map<string, T>();
  readonly #uids = new Map<string, string>();
  readonly #indexes = new Map<string, { readonly keysOf: Index<T>; readonly uids: Map<string, Set<string>> }>();
  #resourceVersion = "";

  constructor(indexes: Readonly<Record<string, Index<T>>> = {}) {
    for (const [name, keysOf] of Object.entries(indexes)) this.#indexes.set(name, { keysOf, uids: new Map() });
  }

  get size(): number {
    return this.#objects.size;
  }

  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  get(namespace: string, name: string): T | undefined {
    const uid = this.#uids.get(nameKey(namespace, name));
    return uid === undefined ? undefined : this.#objects.get(uid);
  }

  byUID(uid: string): T | undefined {
    return this.#objects.get(uid);
  }

  all(): readonly T[] {
    return [...this.#objects.values()];
  }

  by(index: string, key: string): readonly T[] {
    const found = this.#indexes.get(index);
    if (found === undefined) throw new Error(`the store has no index ${index}`);
    const objects: T[] = [];
    for (const uid of found.uids.get(key) ?? []) {
      const object = this.#objects.get(uid);
      if (object !== undefined) objects.push(object);
    }
    return objects;
  }

  /** Marks everything up to this resourceVersion as seen; an older one is ignored unless `force`. */
  advance(resourceVersion: string, force = false): void {
    if (force || compareVersions(resourceVersion, this.#resourceVersion) > 0) this.#resourceVersion = resourceVersion;
  }

  /** Takes the object in. Another uid under the same name is the end of the one that was there. Gives nothing for what is known or old. */
  put(object: T, force = false): readonly Change<T>[] {
    const { namespace, name, uid } = object.metadata;
    const known = this.#objects.get(uid);
    const namesake = this.get(namespace, name);
    if (!force && [known, namesake].some((other) => other !== undefined && !isNewer(object, other))) return [];
    const replaced = namesake === undefined || namesake.metadata.uid === uid ? [] : this.remove(namesake.metadata.uid);
    if (known !== undefined) this.#unindex(known);
    this.#index(object);
    return [...replaced, known === undefined ? { kind: "added", object } : { kind: "updated", object, previous: known }];
  }

  /**
   * Takes in what a write was answered with, before the watch tells of it. Up to the store's resourceVersion the watch has told everything, the
   * object's end too, so an answer from before is left out.
   */
  learn(object: T): readonly Change<T>[] {
    return isLater(object, this.#resourceVersion) ? this.put(object) : [];
  }

  /** Forgets the object with this uid. `last` is its final state, when the server told it. What was learned of a state after `moment` stays. */
  remove(uid: string, last?: T, moment?: string): readonly Change<T>[] {
    const known = this.#objects.get(uid);
    if (known === undefined || (moment !== undefined && isLater(known, moment))) return [];
    this.#unindex(known);
    this.#objects.delete(uid);
    this.#uids.delete(nameKey(known.metadata.namespace, known.metadata.name));
    return [{ kind: "deleted", object: last ?? known }];
  }

  /** Makes the content equal to a whole list of this resourceVersion, but for what was learned of later ones. `force` takes the list as it is: the server itself went back in time. */
  replace(objects: readonly T[], resourceVersion: string, force = false): readonly Change<T>[] {
    const listed = new Set(objects.map((object) => object.metadata.uid));
    const moment = force ? undefined : resourceVersion;
    const gone = [...this.#objects.keys()].filter((uid) => !listed.has(uid)).flatMap((uid) => this.remove(uid, undefined, moment));
    return [...gone, ...objects.flatMap((object) => this.put(object, force && this.#differs(object)))];
  }

  #differs(object: T): boolean {
    return this.#objects.get(object.metadata.uid)?.metadata.resourceVersion !== object.metadata.resourceVersion;
  }

  #index(object: T): void {
    const { namespace, name, uid } = object.metadata;
    this.#objects.set(uid, object);
    this.#uids.set(nameKey(namespace, name), uid);
    for (const { keysOf, uids } of this.#indexes.values()) {
      for (const key of keysOf(object)) uids.set(key, (uids.get(key) ?? new Set()).add(uid));
    }
  }

  #unindex(object: T): void {
    for (const { keysOf, uids } of this.#indexes.values()) {
      for (const key of keysOf(object)) {
        const members = uids.get(key);
        members?.delete(object.metadata.uid);
        if (members?.size === 0) uids.delete(key);
      }
    }
  }
}

function isNewer(object: Stored, than: Stored): boolean {
  return isLater(object, than.metadata.resourceVersion);
}

function isLater({ metadata }: Stored, resourceVersion: string): boolean {
  return compareVersions(metadata.resourceVersion, resourceVersion) > 0;
}

function nameKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
