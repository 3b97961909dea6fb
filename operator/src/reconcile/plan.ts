import { type ChangesetStatus } from "@codybatch/crds";
import { refusalOf, type Refusal } from "./accepted.ts";
import { batchStatus } from "./batch-status.ts";
import { ledgerOf, type Ledger } from "./budget.ts";
import { canaryGate, type CanaryGate } from "./canary.ts";
import { changesetStatus, waitingStatus, type StatusContext } from "./changeset-status.ts";
import { decideStarts, type Decision } from "./gates.ts";
import { inputsHash } from "./inputs.ts";
import { isEqual } from "./merge-patch.ts";
import { batchNotices, changesetNotices } from "./notices.ts";
import type { Observed } from "./observed.ts";
import { entriesOf, type Entry } from "./repositories.ts";
import { expiresAt, oldJobs, oldPrompts, oldRecords, promptNameOf } from "./retention.ts";
import { birdsOf, stageOf, type Stage } from "./stage.ts";
import { jobOf } from "./start.ts";
import { stopsOf } from "./stops.ts";
import { isStorageFull } from "./storage.ts";
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
    ...preparations(view),
    ...missingChangesets(view),
    ...view.works.flatMap((work) => stopsOf(work, observed.settings.timings, observed.now)),
    ...starts(view),
    ...changesetStatuses(view),
    ...retriesOfFailed(view),
    ...view.works.flatMap((work) => oldJobs(work, observed)),
    ...oldRecords(view.works, observed),
    ...oldPrompts(observed),
    ...statusOfBatch(view),
  ];
}

/** Everything that is decided before wishes are made. */
export interface View {
  readonly observed: Observed;
  readonly refusal: Refusal | undefined;
  readonly entries: readonly Entry[];
  readonly works: readonly Work[];
  readonly stages: ReadonlyMap<Work, Stage>;
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
  const entries = entriesOf(batch);
  const works = worksOf(observed, entries);
  const stages = new Map(works.map((work) => [work, stageOf(work, spec, settings.timings, now)]));
  const canary = canaryGate(birdsOf(works, stages), spec.rollout?.canary ?? 0, batch.status?.canaries ?? []);
  const ledger = ledgerOf(spec, works);
  const storageFull = isStorageFull(observed.storedBytes, limits);
  const decisions = decideStarts(works, stages, {
    spec,
    accepted: refusal === undefined,
    storageFull,
    canary,
    ledger,
    refusedJobs: observed.refusedJobs,
  });
  const hash = prompt.kind === "Known" ? inputsHash(spec, prompt.hash) : "";
  const status = { spec, inputsHash: hash, refusedPods: observed.refusedPods, now };
  return { observed, refusal, entries, works, stages, canary, ledger, storageFull, decisions, status };
}

/** What must be there before the first Job. */
function preparations({ observed: { batch, prompt, records }, refusal, decisions }: View): readonly Action[] {
  if (refusal !== undefined || batch.spec.cancel) return [];
  const access: Action[] = [...decisions.values()].some(({ kind }) => kind === "Start")
    ? [{ kind: "EnsureRecorderAccess", namespace: batch.metadata.namespace }]
    : [];
  if (prompt.kind !== "Known" || prompt.text === undefined) return access;
  const name = promptNameOf(batch.metadata.name, prompt.hash);
  const isThere = records.some((record) => record.name === name && record.owners.includes(batch.metadata.uid));
  return isThere ? access : [...access, { kind: "CreatePrompt", name, text: prompt.text, batch }];
}

function missingChangesets({ observed: { batch }, refusal, entries, works }: View): readonly Action[] {
  if (refusal !== undefined) return [];
  const known = new Set(works.map(({ changeset }) => changeset.metadata.name));
  return entries
    .filter((entry) => !known.has(entry.changeset))
    .map(({ changeset, repository }) => ({
      kind: "CreateChangeset",
      name: changeset,
      spec: { batchChange: batch.metadata.name, repository, attempt: 0, retryGeneration: 0 },
      batch,
    }));
}

function starts({ observed, decisions, status }: View): readonly Wish[] {
  const { prompt } = observed;
  if (prompt.kind !== "Known") return [];
  const hashes = { prompt: prompt.hash, inputs: status.inputsHash };
  return [...decisions].flatMap(([work, decision]): Wish[] => {
    if (decision.kind !== "Start") return [];
    const [otherwise] = patchOf(work, waitingStatus(work, status));
    return [{ kind: "Start", job: jobOf(work, decision.next, observed, hashes), otherwise }];
  });
}

/** Raising it starts a new run, so a failure is repeated once per raise of spec.retryFailed. */
function retriesOfFailed({ observed: { batch }, refusal, works, stages }: View): readonly Action[] {
  const { retryFailed, cancel } = batch.spec;
  if (refusal !== undefined || cancel) return [];
  return works.flatMap((work): Action[] => {
    const stage = stages.get(work);
    const failed = stage?.kind === "Over" && stage.phase === "Failed" && work.settled.length === 0;
    if (!failed || work.changeset.spec.retryGeneration >= retryFailed) return [];
    return [{ kind: "RaiseRetryGeneration", changeset: work.changeset, retryGeneration: retryFailed }];
  });
}

function changesetStatuses(view: View): readonly Action[] {
  return view.works.flatMap((work) => {
    const status = nextStatus(view, work);
    if (status === undefined) return [];
    const patch = patchOf(work, status);
    const notices = patch.length === 0 ? [] : changesetNotices(work.changeset, status);
    return [...patch, ...notices.map((notice): Action => ({ kind: "EmitEvent", notice }))];
  });
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
  const status = batchStatus({ ...view, statuses, entries: view.entries.length });
  if (isEqual(batch.status, status)) return [];
  return [
    { kind: "PatchBatchStatus", batch, status },
    ...batchNotices(batch, status).map((notice): Action => ({ kind: "EmitEvent", notice })),
  ];
}
