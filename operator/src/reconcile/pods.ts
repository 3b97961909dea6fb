import type { ObservedContainer, ObservedJob, ObservedPod } from "./observed.ts";
import type { Timings } from "./settings.ts";

/** Seconds between two moments. */
export function secondsSince(moment: string, now: Date): number {
  return (now.getTime() - Date.parse(moment)) / 1000;
}

/** A moment so many seconds after another. */
export function after(moment: string, seconds: number): Date {
  return new Date(Date.parse(moment) + seconds * 1000);
}

/** No container of it runs any more, as far as the cluster knows. */
export function hasEnded(pod: ObservedPod): boolean {
  return pod.phase === "Succeeded" || pod.phase === "Failed";
}

/** When a pod that shows no sign of life is given up; undefined while it does. */
export function lostAt(pod: ObservedPod, timings: Timings): Date | undefined {
  if (hasEnded(pod)) return undefined;
  if (pod.deletingSince !== undefined) return after(pod.deletingSince, pod.graceSeconds + timings.deletingSlack);
  return pod.unreachableSince === undefined ? undefined : after(pod.unreachableSince, timings.nodeLost);
}

/** Its node has been silent, or its deletion has hung, for too long. */
export function isLost(pod: ObservedPod, timings: Timings, now: Date): boolean {
  const moment = lostAt(pod, timings);
  return moment !== undefined && moment <= now;
}

/** False when no request to the model can have been sent from it: nothing runs without a node, whatever the phase is at the end. */
export function agentStarted(pod: ObservedPod): boolean {
  const agent = containerOf(pod, "agent");
  return agent === undefined ? pod.node !== undefined && pod.phase !== "Pending" : agent.state !== "Waiting";
}

export function containerOf(pod: ObservedPod, name: string): ObservedContainer | undefined {
  return pod.containers.find((container) => container.name === name);
}

/** The Job holds a slot: it has a pod, or may still get one. */
export function occupiesSlot(job: ObservedJob): boolean {
  if (job.finished !== undefined) return false;
  return !(job.suspended && job.active === 0);
}
