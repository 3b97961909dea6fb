import type { Change } from "./entry.ts";

export interface HistoryLimits {
  readonly changes: number;
  readonly bytes: number;
}

/** The last changes, in order and without gaps, bounded in number and size. */
export class History {
  private readonly limits: HistoryLimits;
  private changes: Change[] = [];
  private head = 0;
  private bytes = 0;
  /** Version of the newest change that is no longer here. */
  private floor = 0;

  constructor(limits: HistoryLimits) {
    this.limits = limits;
  }

  /** Forgets everything up to and including this version. */
  restart(version: number): void {
    this.changes = [];
    this.head = 0;
    this.bytes = 0;
    this.floor = version;
  }

  push(change: Change): void {
    this.changes.push(change);
    this.bytes += change.entry.json.length;
    while (this.changes.length - this.head > this.limits.changes || this.bytes > this.limits.bytes) this.drop();
  }

  /** Changes after a version, oldest first, or undefined when some of them are forgotten. */
  since(version: number): readonly Change[] | undefined {
    if (version < this.floor) return undefined;
    return this.changes.slice(this.head + version - this.floor);
  }

  private drop(): void {
    const oldest = this.changes[this.head];
    if (oldest === undefined) return;
    this.bytes -= oldest.entry.json.length;
    this.floor = oldest.version;
    this.head += 1;
    if (this.head < 1024 || this.head * 2 < this.changes.length) return;
    this.changes = this.changes.slice(this.head);
    this.head = 0;
  }
}
