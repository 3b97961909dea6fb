import type { Attempt, Changeset, ChangesetStatus } from "@codybatch/crds";
import type { ObservedJob, ObservedPod, ObservedRun, StopReason } from "./observed.ts";

/** One Job of a Changeset whose end is not in status yet, with what is known of its pods. */
export interface Try {
  readonly name: string;
  readonly changeset: string;
  readonly attempt: number;
  readonly try: number;
  /** Undefined when the Job is gone although its end is not in status. */
  readonly job: ObservedJob | undefined;
  readonly pods: readonly ObservedPod[];
  readonly runs: readonly ObservedRun[];
  readonly reservedNanoUSD: number;
  readonly inputsHash: string;
  /** Why the operator stops it, or has stopped it. */
  readonly stop: StopReason | undefined;
}

/** The run that is asked for, by the user or by failed checks: all these numbers only rise, so their sum is new whenever one is raised. */
export function runNumber({ spec, status }: Changeset): number {
  return spec.attempt + spec.retryGeneration + (status?.publishing?.mending?.attempts ?? 0);
}

interface Place {
  readonly attempt: number;
  readonly try: number;
}

/** Order of tries: a later attempt, or a later try of the same attempt, is greater. */
export function comparePlace(left: Place, right: Place): number {
  return left.attempt - right.attempt || left.try - right.try;
}

/** A try is settled once its end, or that of a later one, is recorded: one Changeset never has two Jobs at once, so ends arrive in order. */
export function isSettled(place: Place, attempts: readonly Attempt[]): boolean {
  return attempts.some((attempt) => comparePlace(place, attempt) <= 0);
}

/** The ends that a status has and the stored one has not. */
export function newEnds({ changeset, status }: { readonly changeset: Changeset; readonly status: ChangesetStatus }): readonly Attempt[] {
  const before = changeset.status?.attempts ?? [];
  return (status.attempts ?? []).filter((attempt) => !isSettled(attempt, before));
}

/** Attempt and try of a Job's name, as `jobName` of crds wrote them. */
export function placeOf(jobName: string): Place | undefined {
  const match = /-(\d+)-(\d+)$/.exec(jobName);
  return match === null ? undefined : { attempt: Number(match[1]), try: Number(match[2]) };
}
