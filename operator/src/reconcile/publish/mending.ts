import type { Attempt, BatchChangeSpec, PullRequest, Publishing, RunInput } from "@codybatch/crds";
import { retryCommand } from "../messages.ts";
import type { Observed } from "../observed.ts";
import type { Work } from "../work.ts";
import type { PublishRecord } from "./record.ts";

export type Mending = NonNullable<Publishing["mending"]>;

/** What decides whether failed checks are answered. */
interface Case {
  readonly work: Work;
  readonly observed: Observed;
  readonly isAccepted: boolean;
}

/** Counts one more attempt where the checks of what we published fail; the count makes it a new run. Checks that pass end the row. */
export function withMending(record: PublishRecord, given: Case): PublishRecord {
  const { publishing, pullRequest, open } = record;
  if (publishing === undefined || pullRequest === undefined || open !== undefined) return record;
  if (pullRequest.checks === "passing") return rowEnded(record, publishing);
  const row = rowOf(publishing, given.work) + 1;
  if (!hasFailedChecks(pullRequest, publishing) || row > mostInRow(given)) return record;
  return { ...record, publishing: { ...publishing, mending: oneMore(publishing, pullRequest, row, given.work) } };
}

/** None while something else decides what becomes of the batch. */
function mostInRow({ work, observed, isAccepted }: Case): number {
  const { cancel, suspend, publish } = observed.batch.spec;
  return !isAccepted || cancel || suspend || work.settled.length > 0 ? 0 : (publish.onCIFailure?.maxAttempts ?? 0);
}

/** What is left to do where as many attempts as the user allows have not mended the checks; nothing else. */
export function mendingEnded(
  work: Work,
  { publishing, pullRequest }: PublishRecord,
  { publish, cancel }: BatchChangeSpec,
): readonly string[] {
  const most = publish.onCIFailure?.maxAttempts;
  if (most === undefined || cancel || publishing === undefined || pullRequest === undefined) return [];
  const row = rowOf(publishing, work);
  if (row < most || !hasFailedChecks(pullRequest, publishing)) return [];
  const were = row === 1 ? "1 attempt was" : `${row} attempts in a row were`;
  const why = `${were} to mend its checks, as many as spec.publish.onCIFailure.maxAttempts allows, and they still fail.`;
  return [`${why} Mend them there, or run it again: ${retryCommand(work.changeset)}`];
}

/** A run that a person asked for begins a new row. */
function rowOf({ mending }: Publishing, work: Work): number {
  return mending?.since === askedFor(work) ? mending.row : 0;
}

function oneMore({ mending }: Publishing, { number, url, headSHA = "" }: PullRequest, row: number, work: Work): Mending {
  return { attempts: (mending?.attempts ?? 0) + 1, row, since: askedFor(work), pullRequest: number, url, headSHA };
}

/** Only of a commit that is ours: what a person has committed since is for that person to mend. */
function hasFailedChecks({ state, checks, headSHA, humanCommits }: PullRequest, { commit }: Publishing): boolean {
  return state === "open" && checks === "failing" && headSHA === commit && humanCommits !== true;
}

/** Runs that people asked for. */
function askedFor({ changeset: { spec } }: Work): number {
  return spec.attempt + spec.retryGeneration;
}

function rowEnded(record: PublishRecord, publishing: Publishing): PublishRecord {
  const { mending } = publishing;
  return mending === undefined || mending.row === 0
    ? record
    : { ...record, publishing: { ...publishing, mending: { ...mending, row: 0 } } };
}

/** What the run that is asked for mends; undefined when people asked for it. */
export function mendedBy({ changeset, run }: Work): Mending | undefined {
  const mending = changeset.status?.publishing?.mending;
  if (mending === undefined) return undefined;
  const { attempt, retryGeneration } = changeset.spec;
  return mending.since === attempt + retryGeneration && run === mending.since + mending.attempts ? mending : undefined;
}

/** The attempt that was published, where its pull request is merged or closed before failed checks were mended: no more is needed of the run. */
export function overtakenBy(work: Work): Attempt | undefined {
  const { attempts, changeset, pullRequest } = work;
  if (mendedBy(work) === undefined || pullRequest === undefined || pullRequest.state === "open") return undefined;
  const published = changeset.status?.publishing?.published;
  return attempts.findLast(({ patch }) => patch !== undefined && patch.digest === published);
}

/** As the run reads it. */
export function ciFailureOf(work: Work): Pick<RunInput, "ciFailure"> {
  const mending = mendedBy(work);
  if (mending === undefined) return {};
  const { pullRequest, url, headSHA } = mending;
  return { ciFailure: { pullRequest, url, headSHA } };
}
