import { claimPath, claimRef, nanoUSD, recordKey, type Agent, type Attempt, type StoredPatch } from "@codybatch/crds";
import { after } from "./pods.ts";
import { mendedBy } from "./publish/mending.ts";
import type { Timings } from "./settings.ts";
import type { Work } from "./work.ts";

/** Tries after the first that faults of the cluster may cost. */
export const furtherTries = 2;

/** What the run that the user asks for needs next. */
export type Next =
  | { readonly kind: "Start"; readonly try: number; readonly reserveNanoUSD: number; readonly resume: StoredPatch | undefined }
  | { readonly kind: "Wait"; readonly until: Date }
  | { readonly kind: "Over"; readonly last: Attempt };

/** A first try, a further one after an infrastructure fault, or none: an agent's own failure is not repeated unless the user asks. */
export function nextTry(work: Work, agent: Agent, timings: Timings, now: Date): Next {
  const { attempts, run } = work;
  const own = attempts.filter(({ attempt }) => attempt === run);
  const last = own.at(-1);
  const most = nanoUSD(agent.maxCostUSD);
  if (last === undefined) return { kind: "Start", try: 0, reserveNanoUSD: most, resume: published(work) };
  const reserveNanoUSD = own.reduce(leftAfter, most);
  if (last.outcome !== "InfrastructureFault" || last.try >= furtherTries || reserveNanoUSD <= 0) return { kind: "Over", last };
  const until = after(last.finishedAt ?? now.toISOString(), timings.retryDelay * 2 ** last.try);
  if (last.finishedAt !== undefined && now < until) return { kind: "Wait", until };
  return { kind: "Start", try: last.try + 1, reserveNanoUSD, resume: resumable(own) ?? published(work) };
}

/**
 * What is left of an attempt's money after a try: what it had less what it was charged. A lost try is charged all that it had,
 * and the batch's budget bears that; of the attempt it uses up only what it is known to have cost, else no try could ever follow one.
 */
function leftAfter(left: number, { chargedNanoUSD, usage }: Attempt): number {
  if (chargedNanoUSD < left) return left - chargedNanoUSD;
  return usage?.costUSD === undefined ? left : left - nanoUSD(usage.costUSD);
}

/** The newest stored patch that a pod can mount. */
function resumable(own: readonly Attempt[]): StoredPatch | undefined {
  return own.findLast(isMountable)?.patch;
}

/** Where failed checks ask for the run: what they failed on. */
function published(work: Work): StoredPatch | undefined {
  if (mendedBy(work) === undefined) return undefined;
  const digest = work.changeset.status?.publishing?.published;
  return resumable(work.attempts.filter(({ patch }) => patch?.digest === digest));
}

/** A ConfigMap, or the folder on the claim of the pod that stored it: a path comes from a pod, and a wrong one would show a foreign folder. */
function isMountable({ pod, patch }: Attempt): boolean {
  if (patch === undefined) return false;
  return claimPath(patch.ref) === undefined || (pod !== undefined && patch.ref === claimRef(pod, recordKey.patchGz));
}
