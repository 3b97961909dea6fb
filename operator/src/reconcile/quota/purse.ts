import { nanoUSD } from "@codybatch/crds";
import type { Ledger } from "./ledger.ts";
import { dayOf, endOfPeriod, isIn } from "./period.ts";
import type { Period, Quota } from "./quota.ts";

/** One quota of a namespace in the period that runs now, in nano-dollars. */
export interface Allowance {
  readonly period: Period;
  readonly most: number;
  /** Charges of ended runs. */
  readonly spent: number;
  /** What running Jobs may still spend, and what other batches wait for that come first. */
  readonly reserved: number;
  /** Parts of `reserved` that belong to Jobs that do not exist yet: who starts one of them needs that much less. */
  readonly held: ReadonlyMap<string, number>;
  readonly renewsAt: Date;
}

/** All allowances of a namespace; or why nobody knows them, so that nothing may start. */
export type Purse =
  | { readonly kind: "Open"; readonly namespace: string; readonly allowances: readonly Allowance[] }
  | { readonly kind: "Closed"; readonly message: string };

export type OpenPurse = Extract<Purse, { kind: "Open" }>;

/** A start that is asked for: the Job's name and the nano-dollars that it reserves. */
export interface Asked {
  readonly job: string;
  readonly nanoUSD: number;
}

/** What the quotas of a namespace leave at this moment. `unused` names reservations of Jobs that do not exist. */
export function purseOf(namespace: string, quotas: readonly Quota[], ledger: Ledger, { unused, now }: PurseContext): OpenPurse {
  return { kind: "Open", namespace, allowances: quotas.map((quota) => allowanceOf(quota, ledger, { unused, now })) };
}

export interface PurseContext {
  readonly unused: ReadonlySet<string>;
  readonly now: Date;
}

function allowanceOf({ period, maxCostUSD }: Quota, { spent, open }: Ledger, { unused, now }: PurseContext): Allowance {
  const days = [...spent].filter(([day]) => isIn(period, day, now));
  const reservations = [...open].filter(([, { at }]) => isIn(period, dayOf(new Date(at)), now));
  return {
    period,
    most: nanoUSD(maxCostUSD),
    spent: days.reduce((sum, [, nano]) => sum + nano, 0),
    reserved: reservations.reduce((sum, [, { nanoUSD: nano }]) => sum + nano, 0),
    held: new Map(reservations.filter(([job]) => unused.has(job)).map(([job, { nanoUSD: nano }]) => [job, nano])),
    renewsAt: endOfPeriod(period, now),
  };
}

/** The hard cap: a Job starts only if it could spend its whole reservation and still keep every quota. */
export function holds(purse: OpenPurse, asked: Asked): boolean {
  return shortOf(purse, asked) === undefined;
}

/** The allowance that keeps a Job from starting; of several one that could never hold it, else the one that renews last. */
export function shortOf({ allowances }: OpenPurse, asked: Asked): Allowance | undefined {
  const short = allowances.filter((allowance) => allowance.spent + allowance.reserved + missing(allowance, asked) > allowance.most);
  const never = short.find(({ most }) => asked.nanoUSD > most);
  return never ?? short.toSorted((left, right) => right.renewsAt.getTime() - left.renewsAt.getTime())[0];
}

/** The purse once the Job may start. */
export function take(purse: OpenPurse, asked: Asked): OpenPurse {
  const allowances = purse.allowances.map((allowance) => ({
    ...allowance,
    reserved: allowance.reserved + missing(allowance, asked),
    held: new Map([...allowance.held].filter(([job]) => job !== asked.job)),
  }));
  return { ...purse, allowances };
}

function missing({ held }: Allowance, { job, nanoUSD: nano }: Asked): number {
  return Math.max(0, nano - (held.get(job) ?? 0));
}
