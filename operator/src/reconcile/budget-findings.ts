import { formatUSD } from "@codybatch/crds";
import type { BatchView } from "./batch-status.ts";
import type { Finding } from "./conditions.ts";

/** The share of a budget at which its owner is told, while there is time to raise it. */
const nearly = 0.8;

/**
 * Nothing fits and nothing runs: while something runs, its end may free part of its reservation. Or all of it is spent.
 * A budget that nobody set grows with each run that is asked for, so spending all of it stops nothing.
 */
export function budgetExceeded({ observed, decisions, statuses, ledger }: BatchView): Finding {
  const waits = [...decisions.values()].some((decision) => decision.kind === "Wait" && decision.reason === "WaitingForBudget");
  const starts = [...decisions.values()].some(({ kind }) => kind === "Start");
  const runs = statuses.some(({ work }) => work.open !== undefined);
  const { budget, spent, reserved } = ledger;
  const used = `$${formatUSD(spent)} of $${formatUSD(budget)} are spent`;
  const exceeded = { type: "BudgetExceeded", status: "True", reason: "BudgetSpent" } as const;
  if (waits && !starts && !runs) {
    const held = reserved > 0 ? ` and $${formatUSD(reserved)} reserved` : "";
    return { ...exceeded, message: `${used}${held}, and no waiting attempt fits the rest. Raise spec.budget.maxCostUSD to go on.` };
  }
  if (observed.batch.spec.budget !== undefined && spent > 0 && spent >= budget) {
    return { ...exceeded, message: `${used}, so nothing more starts. Raise spec.budget.maxCostUSD to go on.` };
  }
  return { type: "BudgetExceeded", status: "False", reason: "WithinBudget", message: "The budget is not used up.", rare: true };
}

/** By what is spent alone: a reservation is mostly given back. Only of a budget that somebody set. */
export function budgetNearlySpent({ observed, ledger: { budget, spent } }: BatchView): Finding {
  const isSet = observed.batch.spec.budget !== undefined && budget > 0;
  if (!isSet || spent / budget < nearly) {
    const message = `Less than ${nearly * 100} % of the budget is spent.`;
    return { type: "BudgetNearlySpent", status: "False", reason: "WithinBudget", message, rare: true };
  }
  // The summand makes up for 1.15 × 100 being less than 115.
  const percent = Math.floor((spent / budget) * 100 + 1e-9);
  const message = `$${formatUSD(spent)} of $${formatUSD(budget)} are spent (${percent} %). Once the rest does not hold another attempt, nothing more starts: raise spec.budget.maxCostUSD in time.`;
  return { type: "BudgetNearlySpent", status: "True", reason: "MostOfBudgetSpent", message };
}
