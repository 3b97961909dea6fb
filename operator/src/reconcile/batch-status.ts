import type { BatchChangeStatus, BatchPhase, ChangesetStatus } from "@codybatch/crds";
import type { Refusal } from "./accepted.ts";
import type { Ledger } from "./budget.ts";
import type { CanaryGate } from "./canary.ts";
import { conditionsOf } from "./conditions.ts";
import { isDiscovered } from "./discover/answer.ts";
import { isGivenUp } from "./discover/finding.ts";
import type { Search } from "./discover/search.ts";
import { findingsOf } from "./findings.ts";
import type { Decision } from "./gates.ts";
import type { Observed } from "./observed.ts";
import type { Entry } from "./repositories.ts";
import { batchPhase, countPhases, isCancelledEarly, isComplete, progressOf, type Counts } from "./phases.ts";
import type { Publication } from "./publish/publication.ts";
import { addUsage } from "./spend.ts";
import type { Look } from "./tracking/look.ts";
import { shownOutcomes } from "./tracking/shown.ts";
import type { Work } from "./work.ts";

/** What the batch's status is added up from. */
export interface BatchView {
  readonly observed: Observed;
  readonly refusal: Refusal | undefined;
  /** Each Changeset with the status that it has or gets in this pass, in the order of the spec. */
  readonly statuses: readonly { readonly work: Work; readonly status: ChangesetStatus | undefined }[];
  readonly decisions: ReadonlyMap<Work, Decision>;
  readonly canary: CanaryGate;
  readonly ledger: Ledger;
  readonly storageFull: boolean;
  /** Repositories of the spec, those without a Changeset yet included. */
  readonly entries: readonly Entry[];
  readonly search: Search;
  readonly look: Look;
  readonly publications: ReadonlyMap<Work, Publication>;
}

/** Most repositories that status lists, so that a large batch stays a small object. */
const listedRepositories = 100;

/** The whole status of a BatchChange. */
export function batchStatus(view: BatchView): BatchChangeStatus {
  const { observed, statuses, canary } = view;
  const { batch, now } = observed;
  const repositories = repositoriesOf(view);
  const counts = countPhases(repositories.map(({ phase }) => phase));
  const active = statuses.some(({ work }) => work.open !== undefined || view.publications.get(work)?.record.open !== undefined);
  const complete = isComplete(counts) || isCancelledEarly(batch, counts);
  const usage = addUsage(statuses.flatMap(({ status }) => status?.usage ?? []));
  const startedAt = batch.status?.startedAt ?? firstStart(observed);
  return {
    observedGeneration: batch.metadata.generation,
    phase: phaseOf(view, counts, active),
    progress: progressOf(counts),
    counts: shownCounts(counts),
    waiting: counts.Pending,
    ...(usage !== undefined && { usage }),
    ...outcomesOf(view, usage?.costUSD),
    ...shownTasks(view),
    ...(canary.canaries.length > 0 && { canaries: [...canary.canaries] }),
    ...(startedAt !== undefined && { startedAt }),
    ...finishedAt(observed, complete),
    conditions: conditionsOf(findingsOf(view, counts), batch.status?.conditions ?? [], batch.metadata.generation, now),
    repositories: repositories.slice(0, listedRepositories),
  };
}

function outcomesOf({ observed: { batch, now }, statuses }: BatchView, costUSD: string | undefined) {
  const shown = statuses.map(({ status }) => status);
  return shownOutcomes(batch, shown, costUSD, now);
}

function finishedAt({ batch, now }: Observed, complete: boolean): Pick<BatchChangeStatus, "finishedAt"> {
  return complete ? { finishedAt: batch.status?.finishedAt ?? now.toISOString() } : {};
}

function phaseOf(view: BatchView, counts: Counts, active: boolean): BatchPhase {
  const { batch } = view.observed;
  if (isCancelledEarly(batch, counts)) return "Cancelled";
  return isDiscovering(view) ? "Discovering" : batchPhase(counts, { ...batch.spec, active });
}

/** How far what is asked of the git host is, and the text that attempts get. */
function shownTasks({ search, look, observed: { prompt } }: BatchView): Pick<BatchChangeStatus, "discovery" | "tracking" | "promptHash"> {
  return {
    ...(search.status !== undefined && { discovery: search.status }),
    ...(look.status !== undefined && { tracking: look.status }),
    ...(prompt.kind === "Known" && { promptHash: prompt.hash }),
  };
}

/** Also while suspended; not where a person has to act first. */
function isDiscovering(view: BatchView): boolean {
  const { observed, refusal } = view;
  return refusal === undefined && !isDiscovered(observed.batch, observed) && !isGivenUp(view);
}

/** A Changeset that is only about to be made counts as Pending. */
function repositoriesOf({ entries, statuses }: BatchView) {
  const known = new Set(statuses.map(({ work }) => work.changeset.metadata.name));
  const missing = entries.filter(({ changeset }) => !known.has(changeset));
  return [
    ...statuses.map(({ work: { changeset }, status }) => ({
      name: changeset.spec.repository.name,
      changeset: changeset.metadata.name,
      phase: status?.phase ?? ("Pending" as const),
      ...(status?.reason !== undefined && { reason: status.reason }),
      ...(status?.pullRequest !== undefined && { pullRequest: status.pullRequest.url }),
    })),
    ...missing.map(({ changeset, repository }) => ({ name: repository.name, changeset, phase: "Pending" as const })),
  ];
}

/** Jobs may be gone before any pass saw them; what they did is in the Changesets. */
function firstStart({ jobs, changesets }: Observed): string | undefined {
  const started = changesets.flatMap(({ status }) => status?.attempts?.flatMap((attempt) => attempt.startedAt ?? []) ?? []);
  // An earlier BatchChange of this name may have left Jobs.
  const own = jobs.filter(({ changeset }) => changesets.some(({ metadata }) => metadata.name === changeset));
  return own.map(({ createdAt }) => createdAt).toSorted()[0] ?? started.toSorted()[0];
}

/** As the schema writes them. */
function shownCounts(counts: Counts) {
  return {
    pending: counts.Pending,
    running: counts.Running,
    noChange: counts.NoChange,
    ready: counts.Ready,
    awaitingApproval: counts.AwaitingApproval,
    publishing: counts.Publishing,
    open: counts.Open,
    merged: counts.Merged,
    closed: counts.Closed,
    failed: counts.Failed,
    cancelled: counts.Cancelled,
    removed: counts.Removed,
    duplicate: counts.Duplicate,
  };
}
