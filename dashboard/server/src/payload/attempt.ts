import { claimPath, type Attempt } from "@codybatch/crds";
import type { MountedClaim } from "../config.ts";
import { Refusal } from "../http/refusal.ts";
import type { Subject } from "./subject.ts";

/** One attempt's payloads: those of an ended one by its record in status, or what the running one has stored so far. */
export type Chosen =
  | { readonly kind: "ended"; readonly id: string; readonly attempt: Attempt }
  | { readonly kind: "running"; readonly id: string; readonly pod: string; readonly podUID: string };

/** `0-1`, as the Job's name ends. */
export function attemptId({ attempt, try: number }: Pick<Attempt, "attempt" | "try">): string {
  return `${attempt}-${number}`;
}

/** The attempt that runs now, if its pod is known. */
export function runningOf({ metadata, status }: Subject): (Chosen & { kind: "running" }) | undefined {
  const { job, pod, attempts = [] } = status;
  if (job === undefined || pod === undefined || attempts.some((attempt) => attempt.job === job)) return undefined;
  const id = job.startsWith(`${metadata.name}-`) ? job.slice(metadata.name.length + 1) : "";
  return /^[0-9]{1,4}-[0-9]{1,4}$/.test(id) ? { kind: "running", id, pod: pod.name, podUID: pod.uid } : undefined;
}

/** The attempt of this id; without one the running one, else the newest that has the payload. */
export function chooseAttempt(subject: Subject, id: string | undefined, payload: "patch" | "transcript"): Chosen {
  const running = runningOf(subject);
  const ended = (subject.status.attempts ?? []).toReversed();
  if (running !== undefined && (id === undefined || id === running.id)) return running;
  const found =
    id === undefined ? (ended.find((attempt) => attempt[payload] !== undefined) ?? ended[0]) : ended.find((one) => attemptId(one) === id);
  if (found === undefined) {
    throw new Refusal(
      "NotFound",
      id === undefined
        ? "Nothing was tried yet, so there is nothing to show."
        : "There is no attempt of this number, or it is no longer listed.",
    );
  }
  return { kind: "ended", id: attemptId(found), attempt: found };
}

/** Where the files of a claim lie for this server; undefined for one that is not mounted. */
export function mountOf(claims: readonly MountedClaim[], namespace: string, claim: string | undefined): string | undefined {
  return claims.find((mounted) => mounted.namespace === namespace && mounted.claim === claim)?.directory;
}

export function isOnClaim(ref: string): boolean {
  return claimPath(ref) !== undefined;
}
