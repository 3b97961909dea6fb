import type { RunUsage } from "@codybatch/crds";
import type { ObservedPod, ObservedRun } from "./observed.ts";
import { agentStarted, containerOf } from "./pods.ts";
import type { Try } from "./try.ts";

/** Nano-dollars that a try counts against the budget: each of its pods at its known cost, or at the whole reservation where nobody can know it. */
export function chargeOf(attempt: Try): number {
  const uids = podsOf(attempt);
  const pods = attempt.stop === "SecondPod" ? 2 : 1;
  const unseen = Math.max(0, pods - uids.size) * attempt.reservedNanoUSD;
  return [...uids].map((uid) => chargeOfPod(uid, attempt)).reduce((sum, one) => sum + one, unseen);
}

function chargeOfPod(uid: string, attempt: Try): number {
  const pod = attempt.pods.find((one) => one.uid === uid);
  const run = attempt.runs.find((one) => one.podUID === uid);
  if (run?.result !== undefined) return costOrReservation(run.result.usage, attempt);
  if (pod !== undefined && !agentStarted(pod)) return 0;
  const said = pod && containerOf(pod, "agent")?.termination?.usage;
  if (said !== undefined) return costOrReservation(said, attempt);
  return costWhenInterrupted(run) ?? attempt.reservedNanoUSD;
}

/** What a try that has not ended may still cost: each pod of a Job that has a second one spends on its own. */
export function reservationOf({ pods, stop, reservedNanoUSD }: Pick<Try, "pods" | "stop" | "reservedNanoUSD">): number {
  return Math.max(1, pods.length, stop === "SecondPod" ? 2 : 1) * reservedNanoUSD;
}

/** A price that nobody knows counts as the whole reservation, unless no request was sent. */
function costOrReservation(usage: RunUsage, attempt: Try): number {
  return usage.costNanoUSD ?? (usage.turns === 0 ? 0 : attempt.reservedNanoUSD);
}

/** Only the recorder's last word counts, and only with the worst case of the request that was in flight. */
function costWhenInterrupted(run: ObservedRun | undefined): number | undefined {
  const { record, progress } = run ?? {};
  if (record?.ended !== "Interrupted") return undefined;
  // The agent writes its first events, then its progress, before its first request: with neither, none was sent.
  if (progress === undefined && record.transcript.events === 0) return 0;
  if (progress?.inFlightNanoUSD === undefined) return undefined;
  return progress.usage.costNanoUSD === undefined ? undefined : progress.usage.costNanoUSD + progress.inFlightNanoUSD;
}

/** What is known of the tokens and money of a try, of all its pods together. */
export function knownUsage({ pods, runs }: Try): RunUsage | undefined {
  const parts = [...podsOf({ pods, runs })].map((uid) =>
    usageOfPod(
      pods.find((pod) => pod.uid === uid),
      runs.find((run) => run.podUID === uid),
    ),
  );
  return parts.reduce((sum, part) => (sum === undefined || part === undefined ? (sum ?? part) : plus(sum, part)), undefined);
}

/** Its result, else the agent's last message, else its last stored progress. */
function usageOfPod(pod: ObservedPod | undefined, run: ObservedRun | undefined): RunUsage | undefined {
  return run?.result?.usage ?? (pod && containerOf(pod, "agent")?.termination?.usage) ?? run?.progress?.usage;
}

/** The uids of all pods that left a trace. */
export function podsOf({ pods, runs }: Pick<Try, "pods" | "runs">): ReadonlySet<string> {
  return new Set([...pods.map(({ uid }) => uid), ...runs.map(({ podUID }) => podUID)]);
}

/** The dollars of a sum are known only where those of both parts are. */
function plus(one: RunUsage, other: RunUsage): RunUsage {
  const known = one.costNanoUSD !== undefined && other.costNanoUSD !== undefined;
  return {
    turns: one.turns + other.turns,
    input: one.input + other.input,
    output: one.output + other.output,
    cacheRead: one.cacheRead + other.cacheRead,
    cacheWrite: one.cacheWrite + other.cacheWrite,
    ...(known && { costNanoUSD: (one.costNanoUSD ?? 0) + (other.costNanoUSD ?? 0) }),
  };
}
