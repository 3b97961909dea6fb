import { type ChangesetStatus } from "@codybatch/crds";
import { refusalOf, type Refusal } from "./accepted.ts";
import { batchStatus } from "./batch-status.ts";
import { ledgerOf, type Ledger } from "./budget.ts";
import { canaryGate, type CanaryGate } from "./canary.ts";
import { changesetStatus, paceStatus, waitingStatus, type StatusContext } from "./changeset-status.ts";
import { searchOf, type Search } from "./discover/search.ts";
import { discoveryActions } from "./discover/start.ts";
import { decideStarts, type Decision } from "./gates.ts";
import { inputsHash } from "./inputs.ts";
import { isEqual } from "./merge-patch.ts";
import { batchNotices, changesetNotices } from "./notices.ts";
import type { Observed } from "./observed.ts";
import { entriesOf, type Entry } from "./repositories.ts";
import { expiresAt, oldJobs, oldPrompts, oldRecords, promptNameOf } from "./retention.ts";
import { oldPublishJobs, oldPublishRecords } from "./publish/old.ts";
import { publicationOf, type Publication } from "./publish/publication.ts";
import { isLeftToPerson } from "./publish/standing.ts";
import { publishWish } from "./publish/start.ts";
import { birdsOf, stageOf, type Stage } from "./stage.ts";
import { jobOf } from "./start.ts";
import { stopsOf } from "./stops.ts";
import { isStorageFull } from "./storage.ts";
import { oldTaskRecords, oldTasks } from "./task/old.ts";
import { lookOf, type Look } from "./tracking/look.ts";
import { startsOfTracking } from "./tracking/tracking.ts";
import type { Action, Wish } from "./wish.ts";
import { worksOf, type Work } from "./work.ts";

/**
 * Decides what has to happen for one BatchChange. Reads nothing and changes nothing: equal input gives equal wishes.
 * The order is the order in which they are carried out, so that a crash between two of them leaves nothing that the next pass cannot go on from.
 */
export function plan(observed: Observed): readonly Wish[] {
  return wishesOf(viewOf(observed));
}

/** {@link plan}, for a caller that needs the view for more. */
export function wishesOf(view: View): readonly Wish[] {
  const { observed } = view;
  const { batch } = observed;
  if (batch.metadata.deletionTimestamp !== undefined) return [];
  const expires = expiresAt(observed);
  if (expires !== undefined && expires <= observed.now) return [{ kind: "DeleteBatchChange", batch }];
  return [
    ...missingPrompt(view),
    ...discoveryActions(view),
    ...missingChangesets(view),
    ...view.works.flatMap((work) => stopsOf(work, observed)),
    ...changesetStatuses(view),
    ...startsOfPublishing(view),
    ...starts(view),
    ...retriesOfFailed(view),
    ...startsOfTracking(view),
    ...view.works.flatMap((work) => oldJobs(work, observed)),
    ...view.works.flatMap((work) => oldPublishJobs(work, observed)),
    ...oldTasks(observed),
    ...oldRecords(view.works, observed),
    ...oldTaskRecords(observed),
    ...view.works.flatMap((work) => oldPublishRecords(work, observed)),
    ...oldPrompts(observed),
    ...statusOfBatch(view),
  ];
}

/** Everything that is decided before wishes are made. */
export interface View {
  readonly observed: Observed;
  readonly refusal: Refusal | undefined;
  readonly search: Search;
  readonly entries: readonly Entry[];
  readonly look: Look;
  readonly works: readonly Work[];
  readonly stages: ReadonlyMap<Work, Stage>;
  readonly publications: ReadonlyMap<Work, Publication>;
  readonly canary: CanaryGate;
  readonly ledger: Ledger;
  readonly storageFull: boolean;
  readonly decisions: ReadonlyMap<Work, Decision>;
  readonly status: StatusContext;
}

/** Takes the decisions of one pass, each from those before it. */
export function viewOf(observed: Observed): View {
  const { batch, limits, prompt, settings, now } = observed;
  const { spec } = batch;
  const refusal = refusalOf(observed);
  const search = searchOf(observed);
  const entries = entriesOf(batch, observed);
  const look = lookOf(observed);
  const works = worksOf(observed, entries, look.followed);
  const stages = new Map(works.map((work) => [work, stageOf(work, spec, settings.timings, now)]));
  const publications = new Map(works.map((work) => [work, publicationOf(work, stages.get(work), observed, refusal === undefined)]));
  const canary = canaryGate(birdsOf(entries, works, stages), spec.rollout?.canary ?? 0, batch.status?.canaries ?? []);
  const ledger = ledgerOf(spec, works, entries.length);
  const storageFull = isStorageFull(observed.storedBytes, limits);
  const decisions = decideStarts(works, stages, {
    spec,
    accepted: refusal === undefined,
    storageFull,
    canary,
    ledger,
    purse: observed.purse,
    refusedJobs: observed.refusedJobs,
  });
  const hash = prompt.kind === "Known" ? inputsHash(spec, prompt.hash) : "";
  const status = { spec, inputsHash: hash, refusedPods: observed.refusedPods, records: observed.records, publications, now };
  return { observed, refusal, search, entries, look, works, stages, publications, canary, ledger, storageFull, decisions, status };
}

/** The text that new attempts read. */
function missingPrompt({ observed: { batch, prompt, records }, refusal }: View): readonly Action[] {
  if (refusal !== undefined || batch.spec.cancel || prompt.kind !== "Known" || prompt.text === undefined) return [];
  const name = promptNameOf(batch.metadata.name, prompt.hash);
  const isThere = records.some((record) => record.name === name && record.owners.includes(batch.metadata.uid));
  return isThere ? [] : [{ kind: "CreatePrompt", name, text: prompt.text, batch }];
}

function missingChangesets({ observed: { batch }, refusal, entries, works }: View): readonly Action[] {
  if (refusal !== undefined) return [];
  const known = new Set(works.map(({ changeset }) => changeset.metadata.name));
  return entries
    .filter((entry) => !known.has(entry.changeset))
    .map(({ changeset, repository, isFound }) => ({
      kind: "CreateChangeset",
      name: changeset,
      spec: { batchChange: batch.metadata.name, repository, attempt: 0, retryGeneration: 0 },
      batch,
      ...(isFound === true && { isFound }),
    }));
}

/** After the statuses, so that money is counted as spent before its rest is reserved again. */
function starts(view: View): readonly Wish[] {
  const { observed, decisions, status } = view;
  const { prompt } = observed;
  if (prompt.kind !== "Known") return [];
  const hashes = { prompt: prompt.hash, inputs: status.inputsHash };
  const access: Action = { kind: "EnsureRecorderAccess", namespace: observed.batch.metadata.namespace };
  return [...decisions].flatMap(([work, decision]): Wish[] => {
    if (decision.kind !== "Start") return [];
    const [otherwise] = patchOf(work, waitingStatus(work, status));
    const first = [access, ...statusPatch(view, work)];
    return [{ kind: "Start", first, job: jobOf(work, decision.next, observed, hashes), otherwise }];
  });
}

/** Publish Jobs, each behind the status that tells of its beginning and counts what the run has spent; one that has to wait gets the status that says until when. */
function startsOfPublishing(view: View): readonly Wish[] {
  return view.works.flatMap((work) => publishWishes(view, work));
}

function publishWishes(view: View, work: Work): readonly Wish[] {
  const publication = view.publications.get(work);
  if (publication?.due === undefined) return [];
  const otherwise = (until: Date | undefined): StatusPatch | undefined => patchOf(work, paceStatus(work, until, view.status))[0];
  const wish = publishWish(work, publication, { observed: view.observed, first: told(view, work), otherwise });
  return wish === undefined ? [] : [wish];
}

/** One write per Changeset: of one that may start, the start wish has it; of one that is to run again, the raise is it. */
function changesetStatuses(view: View): readonly Action[] {
  return view.works.flatMap((work) => {
    const starts = view.decisions.get(work)?.kind === "Start" || view.publications.get(work)?.due !== undefined;
    return starts || isRunAgain(view, work) ? [] : told(view, work);
  });
}

/** The new status and its Events. */
function told(view: View, work: Work): readonly Action[] {
  const patch = statusPatch(view, work);
  const notices = patch.flatMap((one) => changesetNotices(one.changeset, one.status));
  return [...patch, ...notices.map((notice): Action => ({ kind: "EmitEvent", notice }))];
}

function statusPatch(view: View, work: Work): readonly StatusPatch[] {
  const status = nextStatus(view, work);
  return status === undefined ? [] : patchOf(work, status);
}

/** Raising it starts a new run, so a failure is repeated once per raise of spec.retryFailed. */
function retriesOfFailed(view: View): readonly Action[] {
  const { retryFailed } = view.observed.batch.spec;
  return view.works
    .filter((work) => isRunAgain(view, work))
    .map(({ changeset }) => ({ kind: "RaiseRetryGeneration", changeset, retryGeneration: retryFailed }));
}

/** Only once the failure is in status. */
function isRunAgain({ observed: { batch }, refusal, stages, publications }: View, work: Work): boolean {
  const { retryFailed, cancel } = batch.spec;
  if (refusal !== undefined || cancel || work.settled.length > 0) return false;
  const stage = stages.get(work);
  if (stage?.kind !== "Over" || work.changeset.spec.retryGeneration >= retryFailed) return false;
  return stage.phase === "Failed" || isLeftToPerson(work, publications.get(work));
}

function nextStatus({ stages, decisions, status }: View, work: Work): ChangesetStatus | undefined {
  const stage = stages.get(work);
  return stage === undefined ? undefined : changesetStatus(work, stage, decisions.get(work), status);
}

type StatusPatch = Extract<Action, { kind: "PatchChangesetStatus" }>;

function patchOf({ changeset }: Work, status: ChangesetStatus): readonly StatusPatch[] {
  return isEqual(changeset.status, status) ? [] : [{ kind: "PatchChangesetStatus", changeset, status }];
}

function statusOfBatch(view: View): readonly Action[] {
  const { batch } = view.observed;
  const statuses = view.works.map((work) => ({ work, status: nextStatus(view, work) ?? work.changeset.status }));
  const status = batchStatus({ ...view, statuses });
  if (isEqual(batch.status, status)) return [];
  return [
    { kind: "PatchBatchStatus", batch, status },
    ...batchNotices(batch, status).map((notice): Action => ({ kind: "EmitEvent", notice })),
  ];
}
