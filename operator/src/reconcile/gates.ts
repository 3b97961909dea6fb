import type { BatchChangeSpec, WaitingReason } from "@codybatch/crds";
import { fits, reserve, type Ledger } from "./budget.ts";
import type { CanaryGate } from "./canary.ts";
import type { RefusedJob } from "./observed.ts";
import type { Next } from "./retry.ts";
import type { Stage } from "./stage.ts";
import { waitOfRefusal } from "./waiting.ts";
import type { Work } from "./work.ts";

/** What one batch knows when it decides which of its Changesets may start. */
export interface Gates {
  readonly spec: BatchChangeSpec;
  readonly accepted: boolean;
  readonly storageFull: boolean;
  readonly canary: CanaryGate;
  readonly ledger: Ledger;
  readonly refusedJobs: readonly RefusedJob[];
}

export type Start = Extract<Next, { kind: "Start" }>;
export type Decision =
  | { readonly kind: "Start"; readonly next: Start }
  | { readonly kind: "Wait"; readonly reason: WaitingReason; readonly message?: string };

/** Lets Changesets through in order, canaries first, as long as slots and budget last; every other one learns what it waits for. */
export function decideStarts(works: readonly Work[], stages: ReadonlyMap<Work, Stage>, gates: Gates): ReadonlyMap<Work, Decision> {
  const decisions = new Map<Work, Decision>();
  let free = gates.spec.parallelism - works.filter(({ open, busy }) => open !== undefined || busy).length;
  let ledger = gates.ledger;
  for (const work of canariesFirst(works, gates.canary)) {
    const stage = stages.get(work);
    if (stage?.kind !== "Startable") continue;
    const refused = gates.refusedJobs.find(({ changeset }) => changeset === work.changeset.metadata.name);
    if (refused !== undefined) {
      decisions.set(work, { kind: "Wait", ...waitOfRefusal(refused) });
      continue;
    }
    const reason = work.busy ? "Queued" : closedGate(work, gates, stage.next, { free, ledger });
    decisions.set(work, reason === undefined ? { kind: "Start", next: stage.next } : { kind: "Wait", reason });
    if (reason !== undefined) continue;
    free -= 1;
    ledger = reserve(ledger, stage.next.reserveNanoUSD);
  }
  return decisions;
}

/** The first closed gate on the way to a start. */
function closedGate(
  { changeset }: Work,
  { spec, accepted, storageFull, canary }: Gates,
  next: Start,
  { free, ledger }: { readonly free: number; readonly ledger: Ledger },
): WaitingReason | undefined {
  if (!accepted) return "NotAccepted";
  if (spec.suspend) return "Suspended";
  if (storageFull) return "WaitingForStorage";
  if (canary.state !== "Open" && !canary.canaries.includes(changeset.metadata.name)) return "WaitingForCanary";
  if (!fits(ledger, next.reserveNanoUSD)) return "WaitingForBudget";
  return free > 0 ? undefined : "WaitingForSlot";
}

function canariesFirst(works: readonly Work[], { canaries }: CanaryGate): readonly Work[] {
  const isCanary = ({ changeset }: Work): boolean => canaries.includes(changeset.metadata.name);
  return [...works.filter(isCanary), ...works.filter((work) => !isCanary(work))];
}
