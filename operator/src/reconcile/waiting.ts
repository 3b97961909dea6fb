import type { WaitingReason } from "@codybatch/crds";
import type { ObservedContainer, ObservedPod, RefusedPod } from "./observed.ts";
import { secondsSince } from "./pods.ts";
import type { Try } from "./try.ts";

/** Why a pod has not started. */
export interface Wait {
  readonly reason: WaitingReason;
  /** The cluster's own words. */
  readonly message?: string;
}

/** A start that takes less than so many seconds is not worth a status of its own. */
export const unremarkableStart = 15;

/** Some container of the pod runs or has run. */
export function hasStarted(pod: ObservedPod): boolean {
  return pod.phase === "Running" || pod.containers.some(({ state }) => state !== "Waiting");
}

/** The pod of a try that has a pod at work; undefined while it is being started. */
export function startedPod(attempt: Try): ObservedPod | undefined {
  return attempt.pods.find(hasStarted);
}

/** Names what a Job without a working pod waits for. Undefined: it has only just been made. */
export function waitOf(attempt: Try, refused: readonly RefusedPod[], now: Date): Wait | undefined {
  const [pod] = attempt.pods;
  const refusal = refused.find(({ job }) => job === attempt.name);
  const named = pod === undefined ? refusal && waitOfRefusal(refusal) : waitOfPod(pod);
  if (named !== undefined) return named;
  const isNew = attempt.job !== undefined && secondsSince(attempt.job.createdAt, now) < unremarkableStart;
  return isNew ? undefined : { reason: "Starting" };
}

/** What a refused Job or pod waits for. Neither the API server's refusal nor the Job controller's Event has another mark of a quota than the API server's words "exceeded quota". */
export function waitOfRefusal({ message }: { readonly message: string }): Wait {
  return { reason: message.includes("exceeded quota") ? "QuotaExceeded" : "PodRefused", message };
}

function waitOfPod(pod: ObservedPod): Wait | undefined {
  if (pod.unschedulable !== undefined) return { reason: "Unschedulable", message: pod.unschedulable };
  return pod.containers.map(waitOfContainer).find((wait) => wait !== undefined);
}

const containerWaits: Readonly<Record<string, WaitingReason>> = {
  ErrImagePull: "ImagePullBackOff",
  ImagePullBackOff: "ImagePullBackOff",
  InvalidImageName: "ImagePullBackOff",
  ErrImageNeverPull: "ImagePullBackOff",
  CreateContainerConfigError: "ContainerConfigError",
  CreateContainerError: "ContainerConfigError",
  RunContainerError: "ContainerConfigError",
  CrashLoopBackOff: "CrashLoopBackOff",
  // Between two starts of a sidecar: its program could not be run at all.
  StartError: "CrashLoopBackOff",
  ContainerCannotRun: "CrashLoopBackOff",
};

/** Why one container has not started. */
export function waitOfContainer({ state, reason, message }: ObservedContainer): Wait | undefined {
  const named = state === "Running" || reason === undefined ? undefined : containerWaits[reason];
  return named === undefined ? undefined : { reason: named, ...(message !== undefined && { message }) };
}
