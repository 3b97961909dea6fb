import { jobName, type BatchChangeSpec, type WaitingReason } from "@codybatch/crds";
import { fits, reserve, type Ledger } from "./budget.ts";
import type { CanaryGate } from "./canary.ts";
import type { RefusedJob } from "./observed.ts";
import { take, type Asked, type Purse } from "./quota/purse.ts";
import { quotaWait, toldWait, type QuotaWait } from "./quota/wait.ts";
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
  readonly purse: Purse | undefined;
  readonly refusedJobs: readonly RefusedJob[];
}

export type Start = Extract<Next, { kind: "Start" }>;
export type Decision =
  | { readonly kind: "Start"; readonly next: Start }
  | ({ readonly kind: "Wait" } & (QuotaWait | { readonly reason: WaitingReason; readonly message?: string }));

/** What starts of this pass have left so far. */
interface Rest {
  readonly free: number;
  readonly ledger: Ledger;
  readonly purse: Purse | undefined;
  /** Runs have ended in this pass, and what they did not spend comes free after it. */
  readonly settles: boolean;
}

/** Lets Changesets through in order, canaries first, as long as slots, budget and quotas last; every other one learns what it waits for. */
export function decideStarts(works: readonly Work[], stages: ReadonlyMap<Work, Stage>, gates: Gates): ReadonlyMap<Work, Decision> {
  const decisions = new Map<Work, Decision>();
  const { ledger, purse } = gates;
  const free = gates.spec.parallelism - works.filter(({ open, busy }) => open !== undefined || busy).length;
  let rest: Rest = { free, ledger, purse, settles: works.some(({ settled }) => settled.length > 0) };
  for (const work of canariesFirst(works, gates.canary)) {
    const stage = stages.get(work);
    if (stage?.kind !== "Startable") continue;
    const decision = decide(work, stage.next, gates, rest);
    decisions.set(work, decision);
    if (decision.kind === "Start") rest = afterStart(work, stage.next, rest);
  }
  return decisions;
}

function decide(work: Work, next: Start, gates: Gates, rest: Rest): Decision {
  const refused = gates.refusedJobs.find(({ changeset }) => changeset === work.changeset.metadata.name);
  if (refused !== undefined) return { kind: "Wait", ...waitOfRefusal(refused) };
  const reason = work.busy ? "Queued" : closedGate(work, gates, next, rest);
  if (reason === "WaitingForSlot") return { kind: "Wait", ...(toldWait(rest.purse, work) ?? { reason }) };
  if (reason !== undefined) return { kind: "Wait", reason };
  const wait = rest.purse === undefined ? undefined : quotaWait(rest.purse, askedBy(work, next));
  if (wait === undefined) return { kind: "Start", next };
  return { kind: "Wait", ...wait, ...(rest.settles && wait.needsNanoUSD !== undefined && { isBrief: true }) };
}

function afterStart(work: Work, next: Start, { free, ledger, purse, settles }: Rest): Rest {
  const left = purse?.kind === "Open" ? take(purse, askedBy(work, next)) : purse;
  return { free: free - 1, ledger: reserve(ledger, next.reserveNanoUSD), purse: left, settles };
}

function askedBy({ changeset, run }: Work, next: Start): Asked {
  return { job: jobName(changeset.metadata.name, run, next.try), nanoUSD: next.reserveNanoUSD };
}

/** The first closed gate on the way to a start. */
function closedGate(
  { changeset }: Work,
  { spec, accepted, storageFull, canary }: Gates,
  next: Start,
  { free, ledger }: Rest,
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
