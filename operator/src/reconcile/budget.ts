import { nanoUSD, type BatchChangeSpec } from "@codybatch/crds";
import { reservationOf } from "./charge.ts";
import { chargedOf } from "./spend.ts";
import { runNumber } from "./try.ts";
import type { Work } from "./work.ts";

/** The batch's money in nano-dollars. */
export interface Ledger {
  readonly budget: number;
  readonly spent: number;
  readonly reserved: number;
}

/** What is spent (settled tries, lost ones with their whole reservation) and what running Jobs may still spend. */
export function ledgerOf(spec: BatchChangeSpec, works: readonly Work[], entries = spec.repositories?.length ?? 0): Ledger {
  return {
    budget: budgetOf(spec, works, entries),
    spent: works.reduce((sum, work) => sum + chargedOf(work), 0),
    reserved: works.reduce((sum, { open }) => sum + (open === undefined ? 0 : reservationOf(open.try)), 0),
  };
}

/** Without a budget, every run that the user asked for by entry, attempt or retryFailed may cost agent.maxCostUSD. */
function budgetOf({ budget, agent }: BatchChangeSpec, works: readonly Work[], entries: number): number {
  if (budget !== undefined) return nanoUSD(budget.maxCostUSD);
  const again = works.reduce((sum, { changeset }) => sum + runNumber(changeset), 0);
  return Math.max(entries, works.length) * nanoUSD(agent.maxCostUSD) + again * nanoUSD(agent.maxCostUSD);
}

/** The hard cap: a Job starts only if it could spend its whole reservation and still keep the budget. */
export function fits({ budget, spent, reserved }: Ledger, own: number): boolean {
  return spent + reserved + own <= budget;
}

/** The ledger once a Job with this reservation runs. */
export function reserve(ledger: Ledger, own: number): Ledger {
  return { ...ledger, reserved: ledger.reserved + own };
}
