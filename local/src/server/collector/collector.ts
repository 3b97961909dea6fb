import type { Api } from "../api.ts";
import { decode } from "../object.ts";
import type { Change, Entry } from "../store/entry.ts";
import { Namespaces } from "./namespaces.ts";
import { collectDependent, finishDeletion } from "./ownership.ts";

/** Objects examined before other requests get their turn. */
const examinedPerTurn = 100;

/** Deletes what belongs to nobody any more, as the garbage collector and the namespace controller do. */
export class Collector {
  private readonly api: Api;
  private readonly namespaces: Namespaces;
  private readonly onError: (error: unknown) => void;
  private readonly queue = new Set<string>();
  private turn: NodeJS.Immediate | undefined;

  constructor(api: Api, onError: (error: unknown) => void) {
    this.api = api;
    this.namespaces = new Namespaces(api);
    this.onError = onError;
    api.store.onChange((change) => this.onChange(change));
  }

  /** Looks at everything once: a process may have ended between a deletion and what follows from it. */
  start(): void {
    for (const entry of this.api.store.everything()) if (entry.owners.length > 0 || entry.deleting) this.enqueue(entry.uid);
    this.namespaces.noteAll();
    this.schedule();
  }

  stop(): void {
    clearImmediate(this.turn);
    this.turn = undefined;
    this.queue.clear();
  }

  private onChange({ type, entry, previous }: Change): void {
    this.namespaces.note(entry);
    const lostOwners = previous?.owners.filter((uid) => !entry.owners.includes(uid)) ?? [];
    for (const uid of type === "DELETED" ? entry.owners : lostOwners) this.enqueue(uid);
    if (type === "DELETED") for (const dependent of this.api.store.ownedBy(entry.uid)) this.enqueue(dependent.uid);
    else if (entry.owners.length > 0 || entry.deleting) this.enqueue(entry.uid);
    if (this.namespaces.pending) this.schedule();
  }

  private enqueue(uid: string): void {
    this.queue.add(uid);
    this.schedule();
  }

  private schedule(): void {
    this.turn ??= setImmediate(() => {
      this.turn = undefined;
      this.work();
    });
  }

  private work(): void {
    try {
      for (const uid of [...this.queue].slice(0, examinedPerTurn)) {
        this.queue.delete(uid);
        const entry = this.api.store.byUID(uid);
        if (entry !== undefined) this.examine(entry);
      }
      this.namespaces.empty();
    } catch (error) {
      this.onError(error);
      return;
    }
    if (this.queue.size > 0) this.schedule();
  }

  private examine(entry: Entry): void {
    const object = decode(entry.json);
    if (entry.deleting) finishDeletion(this.api, entry, object);
    else if (entry.owners.length > 0) collectDependent(this.api, entry, object);
  }
}
