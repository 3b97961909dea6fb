import { shortHash, type DiscoverOutcome, type DiscoverResult, type DiscoveryStatus } from "@codybatch/crds";
import { longestMessage, truncate } from "../conditions.ts";
import type { Observed } from "../observed.ts";
import { after } from "../pods.ts";
import { endingOfTask, type TaskEnd } from "../task/overdue.ts";
import { isTaskSettled } from "../task/settled.ts";
import { tasksOf, type ObservedTask } from "../task/task.ts";
import { readAnswerCommand } from "./command.ts";

/** How the search for repositories stands. */
export interface Search {
  /** As it is with the ends of this pass. */
  readonly status: DiscoveryStatus | undefined;
  /** Its Job has not ended. */
  readonly runs: boolean;
  /** Why its pod does not start, in the cluster's words. */
  readonly waits?: string;
  /** When time alone lets the Job end. */
  readonly until?: Date;
}

/** The search of a batch that has a selector. */
export function searchOf(observed: Observed): Search {
  const { batch, changesets, tasks } = observed;
  const job = tasksOf(tasks, "discover", batch.metadata.uid).findLast((one) => !isTaskSettled(one, { batch, changesets }));
  const stored = batch.status?.discovery;
  if (job === undefined) return { status: stored, runs: false };
  const end = endingOfTask(job, observed);
  if (end.kind === "Running") return { status: stored, runs: true, until: end.until, ...(end.waits !== undefined && { waits: end.waits }) };
  if (end.kind === "Settling") return { status: stored, runs: true, until: end.until };
  return { status: settledStatus(job, end, observed), runs: false };
}

/** What a search depends on beside the selector, which nobody can edit: where it differs a refusal may not hold any more. */
export function subjectOf({ batch, limits }: Pick<Observed, "batch" | "limits">): string {
  const listed = (batch.spec.repositories ?? []).map(({ url, branch }) => [url, branch]);
  return shortHash(JSON.stringify([limits.maxRepositories, limits.repositoryPatterns, listed]));
}

type Ended = Extract<TaskEnd, { kind: "Ended" | "Lost" }>;

function settledStatus(job: ObservedTask, end: Ended, observed: Observed): DiscoveryStatus {
  const settled = job.number;
  const now = observed.now.toISOString();
  if (end.kind === "Lost") return lost(settled, `The Job told nothing: ${end.message}.`, now);
  const { result, ref } = end;
  if (result.task !== "discover") return lost(settled, "The Job told nothing.", now);
  const { outcome, finishedAt: at, discovery } = result;
  const base = { settled, at, subject: job.subject, ...countsOf(result), ...(discovery !== undefined && { ref }) };
  const message = wordsOf(outcome, discovery === undefined ? undefined : readAnswerCommand(observed.batch, ref, end.isPacked === true));
  if (outcome.kind === "Discovered") return { ...base, outcome: outcome.kind, ref, message };
  if (outcome.kind === "RateLimited") return { ...base, outcome: outcome.kind, message, againAt: outcome.until };
  if (outcome.kind === "Unavailable") return { ...base, outcome: outcome.kind, message, ...again(settled, at) };
  const refused = { ...base, outcome: outcome.kind, reason: outcome.reason, message };
  return isFinal(outcome.reason) ? refused : { ...refused, ...again(settled, at) };
}

function lost(settled: number, message: string, at: string): DiscoveryStatus {
  return { settled, at, outcome: "Lost", message: truncate(message, longestMessage), ...again(settled, at) };
}

/** The same question gets the same answer, so it is not asked again by itself. */
export function isFinal(reason: string | undefined): boolean {
  return reason === "NothingFound" || reason === "LimitExceeded" || reason === "SearchRefused";
}

const firstWait = 30;
const longestWait = 900;

function again(settled: number, at: string): Pick<DiscoveryStatus, "againAt"> {
  return { againAt: after(at, Math.min(longestWait, firstWait * 2 ** Math.min(settled - 1, 10))).toISOString() };
}

function countsOf({ outcome, discovery }: DiscoverResult): Partial<DiscoveryStatus> {
  if (discovery === undefined) return {};
  const { found, skippedCounts, search, codeSearch } = discovery;
  const skipped = Object.entries(skippedCounts).map(([reason, count]) => ({ reason, count }));
  const extents = [search, codeSearch];
  return {
    found,
    taken: outcome.kind === "Discovered" ? outcome.repositories.length : 0,
    ...(skipped.length > 0 && { skipped }),
    ...(extents.some((extent) => extent?.truncated === true) && { truncated: true }),
    ...(extents.some((extent) => extent?.incomplete === true) && { incomplete: true }),
  };
}

/** The runner's words with the command that shows all, which is never cut. */
function wordsOf({ message }: DiscoverOutcome, command: string | undefined): string {
  if (command === undefined) return truncate(message, longestMessage);
  const rest = ` Read the whole answer: ${command}`;
  return truncate(message, longestMessage - rest.length) + rest;
}
