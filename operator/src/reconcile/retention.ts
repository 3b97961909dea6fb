import { durationSeconds, type Attempt, type BatchChangeSpec } from "@codybatch/crds";
import type { Observed, ObservedJob, ObservedRecord } from "./observed.ts";
import { after, occupiesSlot } from "./pods.ts";
import { isSettled, placeOf } from "./try.ts";
import type { Action } from "./wish.ts";
import type { Work } from "./work.ts";

/** Settled tries of a Changeset whose transcripts are kept. */
const keptTries = 2;

/** Jobs that may go: their end is in the stored status, and they have been kept long enough for reading. */
export function oldJobs(work: Work, observed: Observed): readonly Action[] {
  const stored = work.changeset.status?.attempts ?? [];
  return work.jobs
    .filter((job) => isSettled(job, stored) && !job.deleting && !occupiesSlot(job))
    .filter((job) => isDue(job, work, observed))
    .map(({ name, uid }) => ({ kind: "DeleteJob", name, uid }));
}

function isDue(job: ObservedJob, work: Work, { failedJobs, settings, now }: Observed): boolean {
  const at = jobKeptUntil(job, work, settings.timings);
  return at <= now || (isFailed(job, work) && failedJobs.indexOf(job.name) >= settings.keepFailedJobs);
}

/** When a settled Job has been kept long enough: a cancelled one at once, a failed one longer than a good one. */
export function jobKeptUntil(job: ObservedJob, { attempts }: Work, timings: Observed["settings"]["timings"]): Date {
  const outcome = attempts.find(({ job: name }) => name === job.name)?.outcome;
  const end = job.finished?.at ?? job.suspendedAt ?? job.createdAt;
  if (outcome === "Cancelled") return new Date(0);
  return after(end, outcome === "Reported" ? timings.keepFinished : timings.keepFailed);
}

function isFailed({ name }: ObservedJob, { attempts }: Work): boolean {
  return attempts.some(({ job, outcome }) => job === name && outcome !== "Reported");
}

/** Payloads that may go: those of tries before the last two, or all of them once the batch has ended and `retain` is over. */
export function oldRecords(works: readonly Work[], observed: Observed): readonly Action[] {
  const expired = isExpired(observed);
  const byName = new Map(works.map((work) => [work.changeset.metadata.name, work]));
  return observed.records
    .filter((record) => record.role !== "prompt")
    .filter((record) => {
      const work = byName.get(record.changeset ?? "");
      return work !== undefined && (expired || isBeforeLastTwo(record, work));
    })
    .map(({ name, uid }) => ({ kind: "DeleteConfigMap", name, uid }));
}

/** When payloads go; undefined while the batch is not finished. */
export function retainedUntil({ batch }: Observed): Date | undefined {
  const { finishedAt } = batch.status ?? {};
  return finishedAt === undefined ? undefined : after(finishedAt, durationSeconds(batch.spec.resultStorage.retain));
}

function isExpired(observed: Observed): boolean {
  const until = retainedUntil(observed);
  return until !== undefined && until <= observed.now;
}

/** A reported patch that is gone from storage because its time was over. A younger one may not have shown in the cache yet. */
export function isPruned({ outcome, patch, finishedAt }: Attempt, { spec, records, now }: Pruning): boolean {
  if (outcome !== "Reported" || patch === undefined || finishedAt === undefined || patch.ref.startsWith("pvc:")) return false;
  return after(finishedAt, durationSeconds(spec.resultStorage.retain)) <= now && !records.some(({ name }) => name === patch.ref);
}

interface Pruning {
  readonly spec: BatchChangeSpec;
  readonly records: readonly ObservedRecord[];
  readonly now: Date;
}

function isBeforeLastTwo({ name }: ObservedRecord, { changeset, attempts }: Work): boolean {
  const stored = changeset.status?.attempts ?? [];
  const prefix = `${changeset.metadata.name}-`;
  const match = name.startsWith(prefix) ? /^\d+-\d+(?=-)/.exec(name.slice(prefix.length)) : null;
  const place = match === null ? undefined : placeOf(`${prefix}${match[0]}`);
  if (place === undefined || !isSettled(place, stored)) return false;
  const kept = attempts.slice(-keptTries);
  const inUse = name === changeset.status?.patch?.ref || kept.some(({ patch }) => patch?.ref === name);
  return !inUse && !kept.some(({ attempt, try: number }) => attempt === place.attempt && number === place.try);
}

/** Prompts that no Job may still mount. */
export function oldPrompts({ batch, records, jobs, prompt }: Observed): readonly Action[] {
  if (prompt.kind !== "Known") return [];
  const used = new Set([promptNameOf(batch.metadata.name, prompt.hash), ...jobs.filter(occupiesSlot).map((job) => job.promptName)]);
  return records
    .filter((record) => record.role === "prompt" && !used.has(record.name))
    .map(({ name, uid }) => ({ kind: "DeleteConfigMap", name, uid }));
}

/** Name of the ConfigMap of a text with this hash; equal to crds' promptName of the text itself. */
export function promptNameOf(batch: string, hash: string): string {
  return `${batch}-prompt-${hash}`;
}

/** When a finished BatchChange deletes itself, counted from its end or the last merge or close; undefined without a TTL, or while a pull request is open. */
export function expiresAt({ batch, changesets }: Observed): Date | undefined {
  const { finishedAt, counts } = batch.status ?? {};
  const ttl = batch.spec.ttlSecondsAfterFinished;
  if (ttl === undefined || finishedAt === undefined || (counts?.open ?? 0) > 0) return undefined;
  const closed = changesets.flatMap(({ status }) => status?.pullRequest?.mergedAt ?? status?.pullRequest?.closedAt ?? []);
  return after([finishedAt, ...closed].reduce(later), ttl);
}

function later(left: string, right: string): string {
  return Date.parse(left) < Date.parse(right) ? right : left;
}
