import type { ChangesetPhase, ChangesetStatus } from "@codybatch/crds";
import { approvalOf } from "./approval.ts";
import { reportOf } from "./checks.ts";
import { conditionsOf, longestMessage, truncate } from "./conditions.ts";
import type { Decision } from "./gates.ts";
import { isOutdated } from "./outdated.ts";
import { paceStanding } from "./publish/standing.ts";
import { chargedOf, usageOf } from "./spend.ts";
import type { Stage } from "./stage.ts";
import { standing, type Standing } from "./said.ts";
import { standingOf, type StandingContext } from "./standing.ts";
import type { Work } from "./work.ts";

/** What a Changeset's status depends on beside its own work. */
export interface StatusContext extends StandingContext {
  readonly inputsHash: string;
}

/** Most tries that status lists. */
export const listedAttempts = 10;

/** The whole status of one Changeset, from what was observed. Undefined: what is stored may stay for a moment, because it is about to change. */
export function changesetStatus(
  work: Work,
  stage: Stage,
  decision: Decision | undefined,
  context: StatusContext,
): ChangesetStatus | undefined {
  const now = standingOf(work, stage, decision, context);
  if (now !== undefined) return statusOf(work, now, context);
  return isStale(work, context) ? statusOf(work, standing("Pending", "Queued"), context) : undefined;
}

/** What is stored speaks of an earlier run, or lacks the end of a try or of a publish Job. */
function isStale(work: Work, { publications }: StatusContext): boolean {
  const {
    changeset: { status },
    settled,
    run,
  } = work;
  const told = publications.get(work)?.record.publishing?.settled ?? 0;
  if (told > (status?.publishing?.settled ?? 0)) return true;
  return settled.length > 0 || (status?.phase !== undefined && (status.phase !== "Pending" || status.attempt !== run));
}

/** The status of a Changeset that could start but gets no slot of the cluster. */
export function waitingStatus(work: Work, context: StatusContext): ChangesetStatus {
  return statusOf(work, standing("Pending", "WaitingForSlot"), context);
}

/** The status of a Changeset whose publish Job has to wait for its turn. */
export function paceStatus(work: Work, until: Date | undefined, context: StatusContext): ChangesetStatus {
  return statusOf(work, paceStanding(work, until, context.now), context);
}

function statusOf(work: Work, { phase, reason, message }: Standing, context: StatusContext): ChangesetStatus {
  const usage = usageOf(work);
  return {
    observedGeneration: work.changeset.metadata.generation,
    phase,
    reason,
    message: truncate(message, longestMessage),
    attempt: work.run,
    ...(work.attempts.length > 0 && { attempts: work.attempts.slice(-listedAttempts), chargedNanoUSD: chargedOf(work) }),
    ...(usage !== undefined && { usage }),
    ...resultOf(work),
    ...publishingOf(work, context),
    ...currentJob(work),
    ...(isOutdated(work, context.inputsHash) && { outdated: true }),
    ...approvalCondition(work, phase, context),
  };
}

/** Result, patch and transcript of the run that the user asks for; those of earlier ones are in attempts. */
function resultOf(work: Work): Partial<ChangesetStatus> {
  const { changeset, settled, attempts, run } = work;
  const last = attempts.findLast(({ attempt }) => attempt === run);
  if (last === undefined) return {};
  const fresh = settled.findLast(({ attempt }) => attempt.attempt === run);
  const result = reportOf(work);
  const diffStat = fresh === undefined ? changeset.status?.diffStat : fresh.diffStat;
  return {
    ...(result !== undefined && { result }),
    ...(diffStat !== undefined && { diffStat }),
    ...(last.patch !== undefined && { patch: last.patch }),
    ...(last.transcript !== undefined && { transcript: last.transcript }),
  };
}

function publishingOf(work: Work, { publications }: StatusContext): Partial<ChangesetStatus> {
  const { publishing, pullRequest } = publications.get(work)?.record ?? {
    publishing: work.changeset.status?.publishing,
    pullRequest: work.pullRequest,
  };
  return { ...(publishing !== undefined && { publishing }), ...(pullRequest !== undefined && { pullRequest }) };
}

function currentJob({ open, changeset }: Work): Partial<ChangesetStatus> {
  if (open === undefined) return {};
  const [pod] = open.try.pods;
  const known = changeset.status?.job === open.try.name ? changeset.status.pod : undefined;
  // The first one stays: its result counts, also when it is gone and the Job has a second pod.
  const shown = known ?? (pod === undefined ? undefined : { name: pod.name, uid: pod.uid });
  return { job: open.try.name, ...(shown !== undefined && { pod: shown }) };
}

const approvable: readonly ChangesetPhase[] = ["AwaitingApproval", "Publishing", "Open", "Merged", "Closed"];

function approvalCondition({ changeset, attempts }: Work, phase: ChangesetPhase, { spec, now }: StatusContext): Partial<ChangesetStatus> {
  const digest = attempts.at(-1)?.patch?.digest;
  if (spec.publish.policy !== "OnApproval" || !approvable.includes(phase) || digest === undefined) return {};
  const before = changeset.status?.conditions ?? [];
  return { conditions: conditionsOf([approvalOf(changeset, digest)], before, changeset.metadata.generation, now) };
}
