import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChangesetStatus } from "@codybatch/crds";
import { annotation } from "@codybatch/crds";
import type { KubeObject } from "@codybatch/operator";

/** One change of one object, as the API server's journal has it. */
export interface Write {
  readonly op: "put" | "delete";
  readonly storage: string;
  readonly object: KubeObject;
}

/** Everything that was ever written, in order; also what nobody was told of. */
export function historyOf(dir: string): readonly Write[] {
  const lines = readFileSync(join(dir, "journal.jsonl"), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Write).filter(({ object }) => object !== undefined);
}

/** How often each object was created and deleted, by a name that is the same in every run. */
export function countsOf(history: readonly Write[], nameOf: (name: string) => string): Readonly<Record<string, number>> {
  const alive = new Set<string>();
  const counts: Record<string, number> = {};
  for (const { op, storage, object } of history) {
    const { name, uid } = object.metadata;
    const verb = op === "delete" ? "delete" : "create";
    if (verb === "create" && alive.has(uid)) continue;
    alive.add(uid);
    if (!isTimed(storage, name)) counts[`${verb} ${storage} ${nameOf(name)}`] = (counts[`${verb} ${storage} ${nameOf(name)}`] ?? 0) + 1;
  }
  return counts;
}

/** What depends on how fast things go: the Lease, tokens, the live state, Events. */
function isTimed(storage: string, name: string): boolean {
  return storage.startsWith("leases") || storage.startsWith("tokens") || storage.startsWith("events") || name.endsWith("-live");
}

/** The most nano-dollars that were ever spent or promised at once: settled charges, and reservations of Jobs that are not settled. */
export function mostCommitted(history: readonly Write[]): number {
  const charged = new Map<string, number>();
  const reserved = new Map<string, number>();
  let most = 0;
  for (const { op, storage, object } of history) {
    const { name, annotations } = object.metadata;
    if (storage.startsWith("jobs") && op === "put" && !reserved.has(name))
      reserved.set(name, Number(annotations?.[annotation.reservedNanoUSD]));
    if (storage.startsWith("changesets")) {
      const { chargedNanoUSD = 0, attempts = [] } = (object["status"] ?? {}) as ChangesetStatus;
      charged.set(name, chargedNanoUSD);
      for (const { job } of attempts) reserved.set(job, 0);
    }
    most = Math.max(most, sum(charged.values()) + sum(reserved.values()));
  }
  return most;
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}
