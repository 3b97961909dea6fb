import { formatUSD } from "@codybatch/crds";
import type { BatchView } from "../batch-status.ts";
import type { Finding } from "../conditions.ts";
import { isComplete, type Counts } from "../phases.ts";
import { nameOf, renewal, usedOf } from "./wait.ts";
import { shortOf, type Allowance, type OpenPurse } from "./purse.ts";

/** The share of a quota at which those who spend it are told, while there is time to do something. */
export const nearly = 0.8;

/** By what is spent alone, which within a period only grows: a reservation is mostly given back. */
export function quotaNearlySpent(view: BatchView, counts: Counts): Finding {
  const purse = purseOf(view, counts);
  const near = purse?.allowances.find(({ spent, most }) => most > 0 && spent / most >= nearly);
  if (purse === undefined || near === undefined) {
    const message = `Less than ${nearly * 100} % of every quota of the namespace is spent.`;
    return { type: "QuotaNearlySpent", status: "False", reason: "WithinQuota", message, rare: true };
  }
  // The summand makes up for 1.15 × 100 being less than 115.
  const percent = Math.floor((near.spent / near.most) * 100 + 1e-9);
  const message = `$${formatUSD(near.spent)} are spent (${percent} %) of ${nameOf(purse, near)}. ${renewal(near.renewsAt)}`;
  return { type: "QuotaNearlySpent", status: "True", reason: "MostOfQuotaSpent", message };
}

/** All of one is spent; or this batch waits for one, and nothing in the namespace runs whose end could free a part. */
export function quotaExceeded(view: BatchView, counts: Counts): Finding {
  const purse = purseOf(view, counts);
  const spent = purse?.allowances.find((one) => one.most > 0 && one.spent >= one.most) ?? (purse && blocking(view, purse));
  if (purse === undefined || spent === undefined) {
    return { type: "QuotaExceeded", status: "False", reason: "WithinQuota", message: "No quota of the namespace is used up.", rare: true };
  }
  const message = `Nothing more fits ${nameOf(purse, spent)}: ${usedOf(spent)}. ${renewal(spent.renewsAt)}`;
  return { type: "QuotaExceeded", status: "True", reason: "QuotaSpent", message };
}

/** A batch that is complete spends nothing more. */
function purseOf({ observed: { purse } }: BatchView, counts: Counts): OpenPurse | undefined {
  return purse?.kind === "Open" && !isComplete(counts) ? purse : undefined;
}

function blocking({ decisions }: BatchView, purse: OpenPurse): Allowance | undefined {
  const all = [...decisions.values()];
  if (all.some(({ kind }) => kind === "Start")) return undefined;
  const shorts = all.flatMap((decision) => {
    const needs = "needsNanoUSD" in decision ? decision.needsNanoUSD : undefined;
    return needs === undefined ? [] : (shortOf(purse, { job: "", nanoUSD: needs }) ?? []);
  });
  return shorts.find(({ reserved }) => reserved === 0);
}
