import type { RunProgress } from "@codybatch/crds";
import type { Batch, Change } from "./cluster.ts";
import { isApprovedAfresh } from "./approve.ts";
import type { Manifest } from "./manifest.ts";

/** What the demo looks at, at one moment. */
export interface Seen {
  readonly batches: readonly Batch[];
  readonly changes: readonly Change[];
  readonly progress: ReadonlyMap<string, RunProgress>;
}

/** One Changeset in a few words. */
export interface Row {
  readonly batch: string;
  readonly repository: string;
  readonly phase: string;
  readonly note: string;
}

/** Whether there is still something to wait for. `held` waits for the user, `refused` is the operator's no. */
export type Standing = { readonly kind: "working" | "done" } | { readonly kind: "held" | "refused"; readonly message: string };

const settled: ReadonlySet<string | undefined> = new Set(["AwaitingApproval", "Succeeded", "PartiallySucceeded", "Failed", "Cancelled"]);
const active: ReadonlySet<string | undefined> = new Set([undefined, "Pending", "Running", "Publishing"]);
const underWay: ReadonlySet<string | undefined> = new Set(["Running", "Publishing"]);
/** Conditions that only the user's hand ends. */
const holding = ["CanaryFailed", "BudgetExceeded", "StorageFull"];

/** Keeps the batches of the given manifests, and their Changesets, in a steady order. */
export function only(seen: Seen, manifests: readonly Manifest[]): Seen {
  const wanted = manifests.filter(({ kind }) => kind === "BatchChange").map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  const batches = wanted.flatMap((key) => seen.batches.filter(({ metadata }) => `${metadata.namespace}/${metadata.name}` === key));
  const changes = batches.flatMap((batch) =>
    changesOf(batch, seen).toSorted((left, right) => left.spec.repository.name.localeCompare(right.spec.repository.name)),
  );
  return { ...seen, batches, changes };
}

export function changesOf(batch: Batch, seen: Seen): readonly Change[] {
  return seen.changes.filter(
    ({ metadata, spec }) => metadata.namespace === batch.metadata.namespace && spec.batchChange === batch.metadata.name,
  );
}

export function rowsOf(seen: Seen): readonly Row[] {
  return seen.changes.map((change) => ({
    batch: change.spec.batchChange,
    repository: change.spec.repository.name,
    phase: change.status.phase ?? "Pending",
    note: noteOf(change, seen.progress.get(`${change.metadata.namespace}/${change.metadata.name}`)),
  }));
}

function noteOf({ status }: Change, progress: RunProgress | undefined): string {
  if (status.pullRequest !== undefined) return `${status.pullRequest.url}  ${status.pullRequest.state}`;
  if (status.phase === "Running" && progress !== undefined) return `turn ${progress.turn}: ${progress.activity}`;
  if (status.result !== undefined && status.phase !== "Failed") return [status.diffStat, status.result.summary].filter(Boolean).join("  ");
  return status.reason ?? "";
}

/** How the batches stand, the worst first. */
export function standingOf(seen: Seen): Standing {
  const standings = seen.batches.map((batch) => standing(batch, changesOf(batch, seen)));
  const first = (kind: Standing["kind"]): Standing | undefined => standings.find((one) => one.kind === kind);
  return first("refused") ?? first("working") ?? first("held") ?? { kind: seen.batches.length === 0 ? "working" : "done" };
}

function standing({ metadata, spec, status }: Batch, changes: readonly Change[]): Standing {
  if (status.observedGeneration !== metadata.generation) return { kind: "working" };
  const accepted = status.conditions?.find(({ type }) => type === "Accepted");
  if (accepted?.status === "False") return { kind: "refused", message: `BatchChange ${metadata.name} is refused: ${accepted.message}` };
  if (changes.some((change) => underWay.has(change.status.phase) || isApprovedAfresh(change))) return { kind: "working" };
  const waits = changes.some((change) => active.has(change.status.phase));
  if (!waits && settled.has(status.phase)) return { kind: "done" };
  if (spec.suspend) return { kind: "held", message: `BatchChange ${metadata.name} is suspended: set spec.suspend to false to go on.` };
  const held = status.conditions?.find(({ type, status: truth }) => holding.includes(type) && truth === "True");
  return held === undefined ? { kind: "working" } : { kind: "held", message: `BatchChange ${metadata.name} waits: ${held.message}` };
}
