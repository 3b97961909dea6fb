import type { Api } from "../api.ts";
import { decode } from "../object.ts";
import type { Entry } from "../store/entry.ts";
import { removeEntry } from "../verbs/delete.ts";

/** Empties deleted namespaces, then removes them. */
export class Namespaces {
  private readonly api: Api;
  private readonly waiting = new Set<string>();

  constructor(api: Api) {
    this.api = api;
  }

  get pending(): boolean {
    return this.waiting.size > 0;
  }

  /** Takes notice of a changed object: a deleted namespace, or something in one. */
  note(entry: Entry): void {
    const name = entry.storage === "namespaces" ? entry.name : entry.namespace;
    if (this.api.store.get("namespaces", "", name)?.deleting === true) this.waiting.add(name);
  }

  noteAll(): void {
    for (const entry of this.api.store.all("namespaces")) this.note(entry);
  }

  /** Deletes the content of the namespaces noted, and those that have none left. */
  empty(): void {
    if (!this.pending) return;
    const names = new Set(this.waiting);
    this.waiting.clear();
    const held = new Set<string>();
    for (const entry of this.api.store.everything()) if (names.has(entry.namespace) && this.keeps(entry)) held.add(entry.namespace);
    for (const name of names) if (!held.has(name)) this.finish(name);
  }

  /** Deletes an object. True when it stays for the time being. */
  private keeps(entry: Entry): boolean {
    const resource = this.api.registry.stored(entry.storage);
    if (resource === undefined || entry.deleting) return true;
    return removeEntry(this.api, resource, entry, {}) !== undefined;
  }

  private finish(name: string): void {
    const entry = this.api.store.get("namespaces", "", name);
    const resource = this.api.registry.stored("namespaces");
    if (entry?.deleting !== true || resource === undefined) return;
    const object = decode(entry.json);
    this.api.store.remove(resource, entry, { ...object, spec: { finalizers: [] } });
  }
}
