import type { Random } from "../../reconcile/testing/random.ts";
import { compareVersions } from "../object.ts";
import { Store } from "../store.ts";
import type { Change, Stored } from "../store.ts";

interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: Stored;
}

const names = ["a", "b", "c"];

/** A server of three names whose every write is a revision, and a cache that hears of them from answers, events and lists, each as late as chance wants. */
export class StoreRun {
  readonly #random: Random;
  readonly #store = new Store<Stored>();
  /** The event of each revision, from 1. */
  readonly #history: WatchEvent[] = [];
  readonly #answers: Stored[] = [];
  readonly #learned: Stored[] = [];
  /** Uids by name of those that the cache's selector does not match for now. */
  readonly #hidden = new Map<string, string>();
  readonly #told = new Map<string, string>();
  #position = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** What the cache holds, by uid, with the resourceVersion of each. */
  get cached(): ReadonlyMap<string, string> {
    return versionsOf(this.#store.all());
  }

  get served(): ReadonlyMap<string, string> {
    return versionsOf(this.#stateAt(this.#history.length));
  }

  /** What somebody knows who only hears of changes. */
  get told(): ReadonlyMap<string, string> {
    return this.#told;
  }

  /** Throws as soon as the cache goes back or does not know what it has learned. */
  steps(count: number): void {
    for (let step = 0; step < count; step += 1) {
      const chance = this.#random.below(100);
      if (chance < 40) this.#write();
      else if (chance < 65) this.#answer();
      else if (chance < 95) this.#event();
      else this.#list();
      this.#learned.forEach((object) => this.#expectKnown(object));
    }
  }

  /** Every answer arrives, then every event. */
  catchUp(): void {
    while (this.#answers.length > 0) this.#answer();
    while (this.#position < this.#history.length) this.#event();
  }

  #write(): void {
    const name = this.#random.pick(names) ?? "";
    const revision = this.#history.length + 1;
    const known = this.#stateAt(revision - 1).find(({ metadata }) => metadata.name === name);
    if (known !== undefined && this.#random.percent(40)) {
      const { uid } = known.metadata;
      if (this.#random.percent(30)) this.#hidden.set(name, uid);
      this.#history.push({ type: "DELETED", object: objectOf(name, uid, revision) });
      return;
    }
    const uid = known?.metadata.uid ?? this.#hidden.get(name) ?? `${name}-${revision}`;
    this.#hidden.delete(name);
    const object = objectOf(name, uid, revision);
    this.#history.push({ type: known === undefined ? "ADDED" : "MODIFIED", object });
    if (this.#random.percent(70)) this.#answers.push(object);
  }

  #answer(): void {
    const [object] = this.#answers.splice(this.#random.below(this.#answers.length), 1);
    if (object === undefined) return;
    this.#tell(this.#store.learn(object));
    this.#learned.push(object);
  }

  /** In this state or a later one; a later one of that name is its end. */
  #expectKnown({ metadata: { name, namespace, uid, resourceVersion } }: Stored): void {
    const reached = [this.#store.resourceVersion, this.#store.get(namespace, name)?.metadata.resourceVersion ?? ""];
    if (reached.every((version) => compareVersions(version, resourceVersion) < 0)) throw new Error(`${uid} was written and is not known`);
  }

  #event(): void {
    const event = this.#history[this.#position];
    if (event === undefined) return;
    const { uid, resourceVersion } = event.object.metadata;
    this.#position += 1;
    this.#tell(event.type === "DELETED" ? this.#store.remove(uid, event.object, resourceVersion) : this.#store.put(event.object));
    this.#store.advance(resourceVersion);
  }

  /** Of any moment between what the watch has told and now; the next watch begins there. */
  #list(): void {
    this.#position += this.#random.below(this.#history.length - this.#position + 1);
    const resourceVersion = String(this.#position);
    this.#tell(this.#store.replace(this.#stateAt(this.#position), resourceVersion));
    this.#store.advance(resourceVersion);
  }

  #stateAt(revision: number): readonly Stored[] {
    const state = new Map<string, Stored>();
    for (const { type, object } of this.#history.slice(0, revision)) {
      if (type === "DELETED") state.delete(object.metadata.name);
      else state.set(object.metadata.name, object);
    }
    return [...state.values()];
  }

  #tell(changes: readonly Change<Stored>[]): void {
    for (const { kind, object } of changes) {
      const { uid, resourceVersion } = object.metadata;
      const before = this.#told.get(uid);
      if ((kind === "added") !== (before === undefined)) throw new Error(`${uid} is ${kind}, and was ${before ?? "unknown"}`);
      if (before !== undefined && compareVersions(resourceVersion, before) < 0) throw new Error(`${uid} went back to ${resourceVersion}`);
      if (kind === "deleted") this.#told.delete(uid);
      else this.#told.set(uid, resourceVersion);
    }
  }
}

function objectOf(name: string, uid: string, revision: number): Stored {
  return { metadata: { name, namespace: "n", uid, generation: 0, resourceVersion: String(revision), creationTimestamp: "" } };
}

function versionsOf(objects: readonly Stored[]): ReadonlyMap<string, string> {
  return new Map(objects.map(({ metadata }) => [metadata.uid, metadata.resourceVersion]));
}
