import { decode } from "../object.ts";
import type { KubeObject } from "../object.ts";
import type { Resource } from "../kinds/resource.ts";
import { entryKey, entryOf } from "./entry.ts";
import type { Change, Entry } from "./entry.ts";
import { History } from "./history.ts";
import type { HistoryLimits } from "./history.ts";
import { memoryJournal } from "./journal.ts";
import type { Journal } from "./journal.ts";
import { Owners } from "./owners.ts";
import { Table } from "./table.ts";
import type { View } from "./table.ts";

/** Every object in memory. A write counts at once here and is announced to watches when the journal has it. */
export class Store {
  private journal: Journal = memoryJournal;
  private readonly history: History;
  private readonly tables = new Map<string, Table>();
  private readonly owners = new Owners();
  private readonly listeners: ((change: Change) => void)[] = [];
  private latest = 0;
  private announced = 0;

  constructor(history: HistoryLimits) {
    this.history = new History(history);
  }

  /** Makes every write from now on durable in this journal. */
  useJournal(journal: Journal): void {
    this.journal = journal;
  }

  /** resourceVersion of the latest write. */
  get version(): number {
    return this.latest;
  }

  /** resourceVersion of the latest write that is durable and that watches have seen. */
  get announcedVersion(): number {
    return this.announced;
  }

  /** Called for every durable change, in order. */
  onChange(listener: (change: Change) => void): void {
    this.listeners.push(listener);
  }

  get(storage: string, namespace: string, name: string): Entry | undefined {
    return this.table(storage).get(entryKey(namespace, name));
  }

  all(storage: string): Iterable<Entry> {
    return this.table(storage).values();
  }

  /** Every object of every kind. */
  everything(): readonly Entry[] {
    return [...this.tables.values()].flatMap((table) => [...table.values()]);
  }

  byUID(uid: string): Entry | undefined {
    return this.owners.byUID(uid);
  }

  ownedBy(uid: string): readonly Entry[] {
    return this.owners.ownedBy(uid);
  }

  /** One kind as it was at a version, or undefined when the history does not reach back that far. */
  viewAt(storage: string, version: number): View | undefined {
    if (version === this.latest) return this.table(storage).now();
    const changes = this.history.since(version)?.filter((change) => change.entry.storage === storage);
    return changes === undefined ? undefined : this.table(storage).before(changes);
  }

  /** Announced changes after a version, or undefined when some are forgotten. */
  changesSince(version: number): readonly Change[] | undefined {
    return this.history.since(version)?.filter((change) => change.version <= this.announced);
  }

  /** Stores an object under the next resourceVersion. */
  put(resource: Resource, object: KubeObject): Entry {
    const entry = entryOf(resource, this.withNextVersion(object));
    const previous = this.get(entry.storage, entry.namespace, entry.name);
    const type = previous === undefined ? "ADDED" : "MODIFIED";
    this.commit({ type, version: entry.version, entry, previous });
    return entry;
  }

  /** Removes an object; its last state gets the next resourceVersion. */
  remove(resource: Resource, previous: Entry, last?: KubeObject): Entry {
    const entry = entryOf(resource, this.withNextVersion(last ?? decode(previous.json)));
    this.commit({ type: "DELETED", version: entry.version, entry, previous });
    return entry;
  }

  /** Resolves when every write so far is on disk. Rejects when the journal is broken. */
  durable(): Promise<void> {
    return this.journal.durable();
  }

  /** Takes a change from the journal at start; nobody is told. */
  restore(change: Change): void {
    this.apply(change);
    this.latest = change.version;
    this.announced = change.version;
  }

  /** Continues after this version, with no memory of changes before it. */
  restartAt(version: number): void {
    this.latest = version;
    this.announced = version;
    this.history.restart(version);
  }

  /** Takes an object of a snapshot at start: it has no change to replay. */
  load(entry: Entry): void {
    this.owners.replace(this.get(entry.storage, entry.namespace, entry.name), entry);
    this.table(entry.storage).set(entry);
  }

  private withNextVersion(object: KubeObject): KubeObject {
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.latest + 1) } };
  }

  private commit(change: Change): void {
    this.latest = change.version;
    this.apply(change);
    this.journal.append(change, () => this.announce(change));
  }

  private announce(change: Change): void {
    this.announced = change.version;
    for (const listener of this.listeners) listener(change);
  }

  private apply(change: Change): void {
    const { entry, previous } = change;
    const table = this.table(entry.storage);
    if (change.type === "DELETED") table.delete(entryKey(entry.namespace, entry.name));
    else table.set(entry);
    this.owners.replace(previous, change.type === "DELETED" ? undefined : entry);
    this.history.push(change);
  }

  private table(storage: string): Table {
    const known = this.tables.get(storage);
    if (known !== undefined) return known;
    const table = new Table();
    this.tables.set(storage, table);
    return table;
  }
}
