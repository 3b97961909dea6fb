import type { Changeset, ChangesetStatus } from "@codybatch/crds";
import { listedAttempts } from "../changeset-status.ts";
import { reservationOf } from "../charge.ts";
import type { Observed, ObservedJob } from "../observed.ts";
import { comparePlace, isSettled, placeOf } from "../try.ts";
import { raise, reserve, settle, type Ledger } from "./ledger.ts";
import { monthOf } from "./period.ts";

/** What an audit finds of one batch's reservations. */
export interface Audit {
  readonly ledger: Ledger;
  /** Open reservations for which there is no Job and no trace of one: the Job was never made, or is about to be. */
  readonly unused: ReadonlySet<string>;
}

/** Which month's ledger it is. */
interface Page {
  readonly month: string;
  /** Jobs with a reservation in another month's: one that was reserved just before midnight is created after it. */
  readonly elsewhere: ReadonlySet<string>;
}

/**
 * Brings a month's ledger up to what is known of one batch: what has ended, as its Changesets' stored status says, is settled; a Job
 * that runs without a reservation gets one. What is not in the stored status may still change, so it is not settled.
 */
export function audit(ledger: Ledger, observed: Observed, { month, elsewhere }: Page): Audit {
  const changesets = new Map(observed.changesets.map((changeset) => [changeset.metadata.name, changeset]));
  const running = runningOf(observed, changesets);
  const unused = new Set<string>();
  let audited = ledger;
  for (const [job, { nanoUSD }] of ledger.open) {
    const changeset = changesets.get(changesetOf(job));
    if (changeset === undefined) continue;
    const charge = chargeOf(job, changeset.status, nanoUSD);
    const open = running.get(job);
    if (charge !== undefined) audited = settle(audited, job, charge);
    else if (open !== undefined) audited = raise(audited, job, open.nanoUSD);
    else if (!isTraced(job, changeset, observed)) unused.add(job);
  }
  for (const [job, { nanoUSD, at }] of running) {
    if (!audited.open.has(job) && !elsewhere.has(job) && monthOf(new Date(at)) === month) audited = reserve(audited, job, { nanoUSD, at });
  }
  return { ledger: audited, unused };
}

/** The Changeset whose Job has this name. */
export function changesetOf(job: string): string {
  return job.replace(/-\d+-\d+$/, "");
}

type Changesets = ReadonlyMap<string, Changeset>;

/** Jobs whose end is not in the stored status. */
function runningOf({ jobs, pods }: Observed, changesets: Changesets): ReadonlyMap<string, { nanoUSD: number; at: string }> {
  const open = jobs.filter((job) => {
    const changeset = changesets.get(job.changeset);
    return changeset?.metadata.uid === job.owner && !isSettled(job, changeset.status?.attempts ?? []);
  });
  return new Map(open.map((job) => [job.name, { nanoUSD: mostOf(job, pods), at: new Date(job.createdAt).toISOString() }]));
}

function mostOf({ uid, stoppedBecause, reservedNanoUSD }: ObservedJob, pods: Observed["pods"]): number {
  return reservationOf({ pods: pods.filter(({ jobUID }) => jobUID === uid), stop: stoppedBecause, reservedNanoUSD });
}

/** What the try was charged; its whole reservation where status no longer lists it; undefined while its end is not in status. */
function chargeOf(job: string, status: ChangesetStatus | undefined, reserved: number): number | undefined {
  const attempts = status?.attempts ?? [];
  const own = attempts.find((attempt) => attempt.job === job);
  if (own !== undefined) return own.chargedNanoUSD;
  const [oldest] = attempts;
  const place = placeOf(job);
  const isOlder = oldest !== undefined && place !== undefined && comparePlace(place, oldest) < 0;
  return isOlder && attempts.length >= listedAttempts ? reserved : undefined;
}

/** Somebody has deleted the Job after it did something: its end will be in status. */
function isTraced(job: string, { metadata, status }: Changeset, { records }: Observed): boolean {
  return status?.job === job || records.some(({ name, changeset }) => changeset === metadata.name && name.startsWith(`${job}-`));
}
