import type { Entry } from "./entry.ts";

/** Who is who by UID, and who belongs to whom. */
export class Owners {
  private readonly uids = new Map<string, Entry>();
  private readonly dependents = new Map<string, Set<string>>();

  byUID(uid: string): Entry | undefined {
    return this.uids.get(uid);
  }

  ownedBy(uid: string): readonly Entry[] {
    const found = [...(this.dependents.get(uid) ?? [])].map((dependent) => this.uids.get(dependent));
    return found.filter((entry) => entry !== undefined);
  }

  replace(previous: Entry | undefined, next: Entry | undefined): void {
    if (previous !== undefined) this.forget(previous);
    if (next !== undefined) this.remember(next);
  }

  private remember(entry: Entry): void {
    this.uids.set(entry.uid, entry);
    for (const owner of entry.owners) {
      const dependents = this.dependents.get(owner);
      if (dependents === undefined) this.dependents.set(owner, new Set([entry.uid]));
      else dependents.add(entry.uid);
    }
  }

  private forget(entry: Entry): void {
    this.uids.delete(entry.uid);
    for (const owner of entry.owners) {
      const dependents = this.dependents.get(owner);
      dependents?.delete(entry.uid);
      if (dependents?.size === 0) this.dependents.delete(owner);
    }
  }
}
