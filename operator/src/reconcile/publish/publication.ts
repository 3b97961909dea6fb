import { shortHash, type BatchChangeSpec, type Publishing, type StoredPatch } from "@codybatch/crds";
import type { Observed } from "../observed.ts";
import { isPruned } from "../retention.ts";
import type { Stage } from "../stage.ts";
import { waitOfRefusal, type Wait } from "../waiting.ts";
import type { Work } from "../work.ts";
import { withApproval } from "./approved.ts";
import { overtakenBy, withMending } from "./mending.ts";
import { afresh, closing, publishRecordOf, type PublishRecord } from "./record.ts";

/** What a publish Job is to do. */
export type Wanted =
  | { readonly kind: "Publish"; readonly subject: string; readonly patch: StoredPatch }
  | { readonly kind: "Close"; readonly subject: typeof closing; readonly number: number };

/** How publishing stands. Elsewhere: it has nothing to say, and the run has. */
export type PublishState =
  | { readonly kind: "Elsewhere" }
  | { readonly kind: "Cancelled" }
  /** The pull request brings this very patch. */
  | { readonly kind: "Published" }
  | { readonly kind: "Running"; readonly waits?: string }
  | { readonly kind: "Due" }
  | { readonly kind: "Waiting"; readonly wait: Wait }
  /** The host wants rest, or something failed and may not the next time. */
  | { readonly kind: "Resting"; readonly until: Date }
  /** A person has to act. */
  | { readonly kind: "Ended" };

export interface Publication {
  readonly record: PublishRecord;
  readonly state: PublishState;
  /** A Job that may start now. */
  readonly due: Wanted | undefined;
}

/** Decides about the publishing of one Changeset. `isAccepted`: the administrator lets the batch go on. */
export function publicationOf(work: Work, stage: Stage | undefined, observed: Observed, isAccepted: boolean): Publication {
  const patch = patchOf(stage, work);
  const record = withApproval(publishRecordOf(work, observed), { work, patch, observed });
  const wanted = wantedOf({ work, stage, patch, record, observed });
  const next = wanted === undefined ? undefined : nextOf(wanted, work, record, { observed, isAccepted });
  const due = next?.kind === "Due" ? wanted : undefined;
  const state = patch === undefined ? { kind: "Elsewhere" as const } : stateOf(patch, record, { wanted, next, observed });
  if (due !== undefined) return { record: begun(record, due, settingsHash(work.changeset, observed.batch.spec)), state, due };
  return { record: state.kind === "Published" ? withMending(record, { work, observed, isAccepted }) : record, state, due };
}

/** The patch that the run which the user asks for has reported. */
function patchOf(stage: Stage | undefined, { entry }: Work): StoredPatch | undefined {
  if (stage?.kind !== "Over" || stage.last.outcome !== "Reported" || entry === undefined) return undefined;
  return stage.last.patch;
}

interface Case {
  readonly work: Work;
  readonly stage: Stage | undefined;
  readonly patch: StoredPatch | undefined;
  readonly record: PublishRecord;
  readonly observed: Observed;
}

function wantedOf({ work, stage, patch, record, observed }: Case): Wanted | undefined {
  const { spec } = observed.batch;
  const { pullRequest } = record;
  if (spec.cancel) {
    if (spec.publish.closeOnCancel !== true || pullRequest?.state !== "open") return undefined;
    return { kind: "Close", subject: closing, number: pullRequest.number };
  }
  if (patch === undefined || stage?.kind !== "Over" || isPublished(record, patch) || overtakenBy(work) !== undefined) return undefined;
  if (!isAllowed(work, patch, spec) || isPruned(stage.last, { ...observed, spec })) return undefined;
  return { kind: "Publish", subject: patch.digest, patch };
}

/** Of a pull request about which nothing else is written nobody knows better. */
function isPublished({ publishing, pullRequest }: PublishRecord, { digest }: StoredPatch): boolean {
  return publishing === undefined ? pullRequest !== undefined : publishing.published === digest;
}

/** An approval is of one exact patch. */
function isAllowed({ changeset }: Work, { digest }: StoredPatch, { publish }: BatchChangeSpec): boolean {
  return publish.policy === "Automatic" || (publish.policy === "OnApproval" && changeset.spec.approval?.patch === digest);
}

type Next = Exclude<PublishState, { kind: "Elsewhere" | "Cancelled" | "Published" }>;

interface Leave {
  readonly observed: Observed;
  readonly isAccepted: boolean;
}

/** What keeps a wanted Job from starting, if anything. */
function nextOf({ subject }: Wanted, { changeset }: Work, { publishing, open }: PublishRecord, { observed, isAccepted }: Leave): Next {
  const { batch, refusedJobs, now } = observed;
  if (open !== undefined) return { kind: "Running" };
  const isSame = publishing?.digest === subject && publishing.settings === settingsHash(changeset, batch.spec);
  const before = isSame ? afterLast(publishing, now) : undefined;
  if (before !== undefined) return before;
  if (!isAccepted) return { kind: "Waiting", wait: { reason: "NotAccepted" } };
  if (batch.spec.suspend && !batch.spec.cancel) return { kind: "Waiting", wait: { reason: "Suspended" } };
  const refused = refusedJobs.find((one) => one.changeset === changeset.metadata.name);
  return refused === undefined ? { kind: "Due" } : { kind: "Waiting", wait: waitOfRefusal(refused) };
}

/** What the last Job for the same leaves to do: nothing before a time, or nothing without a person. */
function afterLast({ outcome, until }: Publishing, now: Date): Next | undefined {
  if (until !== undefined) return new Date(until) > now ? { kind: "Resting", until: new Date(until) } : undefined;
  return outcome === "Refused" || outcome === "Unavailable" || outcome === "Lost" ? { kind: "Ended" } : undefined;
}

interface Outlook {
  readonly wanted: Wanted | undefined;
  readonly next: Next | undefined;
  readonly observed: Observed;
}

function stateOf(patch: StoredPatch, record: PublishRecord, { wanted, next, observed }: Outlook): PublishState {
  if (isPublished(record, patch)) return { kind: "Published" };
  const { open } = record;
  if (open?.job.subject === patch.digest) return { kind: "Running", ...(open.ending.kind === "Running" && waitsOf(open.ending)) };
  const { spec } = observed.batch;
  if (spec.cancel && spec.publish.policy !== "Never") return { kind: "Cancelled" };
  return wanted === undefined || next === undefined ? { kind: "Elsewhere" } : next;
}

function waitsOf({ waits }: { readonly waits?: string }): { readonly waits?: string } {
  return waits === undefined ? {} : { waits };
}

/** As status tells it before the Job is there. What failed with other settings, or another patch, counts no longer. */
function begun(record: PublishRecord, { subject }: Wanted, settings: string): PublishRecord {
  const { publishing } = record;
  const isSame = publishing?.digest === subject && publishing.settings === settings;
  if (isSame) return record;
  return { ...record, publishing: { ...afresh(publishing), settings } };
}

/** What a publish Job works with beside the patch. After a refusal an edit of it is worth another Job, and so is one of the Changeset: an approval that was taken back and given again. */
function settingsHash({ metadata }: Work["changeset"], { publish, credentials }: BatchChangeSpec): string {
  return shortHash(JSON.stringify([publish, credentials.githubWriteSecret, metadata.generation]));
}

/** When time alone changes how publishing stands. */
export function nextPublish({ state, record: { open } }: Publication): Date | undefined {
  if (state.kind === "Resting") return state.until;
  return open?.ending.kind === "Settling" ? open.ending.until : undefined;
}
