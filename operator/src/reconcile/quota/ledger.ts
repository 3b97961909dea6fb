import { dayOf } from "./period.ts";

/** Money that a Job may still spend. */
export interface Reservation {
  readonly nanoUSD: number;
  /** Its start: the day and month that it counts for. */
  readonly at: string;
}

/** What one namespace has spent on the days of one month, and what its running Jobs may still spend, in nano-dollars. */
export interface Ledger {
  /** Charges of ended runs by the UTC day of their start. */
  readonly spent: ReadonlyMap<string, number>;
  /** By the name of the Job, which no other Job ever has. */
  readonly open: ReadonlyMap<string, Reservation>;
}

export const emptyLedger: Ledger = { spent: new Map(), open: new Map() };

/**
 * Sets money aside for a Job. Saying it twice is saying it once. A Job of which it was said before and that was never made may ask for less:
 * on the same day it keeps what it had, because a late create could still make it; a start that slipped to a later day counts for that day.
 */
export function reserve(ledger: Ledger, job: string, { nanoUSD, at }: Reservation): Ledger {
  const known = ledger.open.get(job);
  const isSameDay = known !== undefined && dayOf(new Date(known.at)) === dayOf(new Date(at));
  if (isSameDay && known.nanoUSD >= nanoUSD) return ledger;
  return { ...ledger, open: new Map(ledger.open).set(job, { nanoUSD, at }) };
}

/** Raises what a Job may still cost, because it has a second pod. */
export function raise(ledger: Ledger, job: string, nanoUSD: number): Ledger {
  const known = ledger.open.get(job);
  if (known === undefined || known.nanoUSD >= nanoUSD) return ledger;
  return { ...ledger, open: new Map(ledger.open).set(job, { ...known, nanoUSD }) };
}

/** Turns a reservation into what was charged, on the day of the start. Only an open reservation can be settled, so nothing is charged twice. */
export function settle(ledger: Ledger, job: string, chargedNanoUSD: number): Ledger {
  const known = ledger.open.get(job);
  if (known === undefined) return ledger;
  const day = dayOf(new Date(known.at));
  const spent = new Map(ledger.spent).set(day, (ledger.spent.get(day) ?? 0) + chargedNanoUSD);
  return { ...release(ledger, job), spent };
}

/** Gives the money back of a Job that never was. */
export function release(ledger: Ledger, job: string): Ledger {
  if (!ledger.open.has(job)) return ledger;
  return { ...ledger, open: new Map([...ledger.open].filter(([name]) => name !== job)) };
}
