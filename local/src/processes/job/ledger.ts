import type { Pod } from "../api/pod.ts";
import { isTerminal } from "../api/pod.ts";

/** `released` pods were stopped by the Job's suspension and count neither way. */
export type Tally = "active" | "succeeded" | "failed" | "released";

/** Every pod a Job ever had, by UID in order of making; what the real controller keeps by finalizers. */
export type Ledger = Readonly<Record<string, Tally>>;

/** How many pods ended so. */
export function countOf(ledger: Ledger, tally: Tally): number {
  return Object.values(ledger).filter((entry) => entry === tally).length;
}

/** The ledger after a look at the pods that exist: a pod that is gone without having ended counts as failed. */
export function track(ledger: Ledger, pods: readonly Pod[]): Ledger {
  const existing = new Map(pods.map((pod) => [pod.metadata.uid, pod]));
  const uids = new Set([...Object.keys(ledger), ...existing.keys()]);
  return Object.fromEntries([...uids].map((uid) => [uid, tallyOf(ledger[uid] ?? "active", existing.get(uid))]));
}

/** Marks pods that are about to be stopped by suspension, before they are. */
export function release(ledger: Ledger, pods: readonly Pod[]): Ledger {
  const uids = new Set(pods.map((pod) => pod.metadata.uid));
  return Object.fromEntries(Object.entries(ledger).map(([uid, tally]) => [uid, tally === "active" && uids.has(uid) ? "released" : tally]));
}

function tallyOf(tally: Tally, pod: Pod | undefined): Tally {
  if (tally !== "active") return tally;
  if (pod === undefined) return "failed";
  if (!isTerminal(pod)) return "active";
  return pod.status.phase === "Succeeded" ? "succeeded" : "failed";
}
