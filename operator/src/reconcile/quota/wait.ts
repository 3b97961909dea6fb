import { formatUSD, type ChangesetStatus } from "@codybatch/crds";
import { shortOf, type Allowance, type Asked, type OpenPurse, type Purse } from "./purse.ts";

/** Why a start has to wait for its namespace's quota. */
export interface QuotaWait {
  readonly reason: "WaitingForQuota" | "QuotaTooSmall";
  readonly message: string;
  /** Parts of the message that hold still while its figures move: a stored message with all of them stays, because each write costs. */
  readonly steady: readonly string[];
  /** Money is about to come free, so it is not yet worth a status. */
  readonly isBrief?: boolean;
  /** When time alone may change it. */
  readonly until?: Date;
  /** What it would take; absent when no money that comes free would do. */
  readonly needsNanoUSD?: number;
}

/** Undefined: the quotas hold the start. */
export function quotaWait(purse: Purse, asked: Asked): QuotaWait | undefined {
  if (purse.kind === "Closed") return { reason: "WaitingForQuota", message: purse.message, steady: [] };
  const short = shortOf(purse, asked);
  if (short === undefined) return undefined;
  return asked.nanoUSD > short.most ? neverFits(purse, short, asked) : waitsFor(purse, short, asked);
}

interface Told {
  readonly changeset: { readonly status?: ChangesetStatus };
  /** Number of the run that the user asks for. */
  readonly run: number;
}

/**
 * The wait that a status tells already, of a start that has no slot either. It stays, although only a slot may be missing by now: else all that
 * wait would change their words with each run that starts or ends.
 */
export function toldWait(purse: Purse | undefined, { changeset: { status }, run }: Told): QuotaWait | undefined {
  const { reason, message, attempt } = status ?? {};
  if (purse?.kind !== "Open" || reason !== "WaitingForQuota" || message === undefined || attempt !== run) return undefined;
  const until = purse.allowances.map(({ renewsAt }) => renewsAt).find((renewsAt) => message.includes(renewal(renewsAt)));
  return until === undefined ? undefined : { reason, message, steady: [renewal(until)], until };
}

function neverFits(purse: OpenPurse, short: Allowance, { nanoUSD }: Asked): QuotaWait {
  const message = `This attempt may cost $${formatUSD(nanoUSD)}, and ${nameOf(purse, short)} allows no more than that in all, so it cannot start.`;
  return { reason: "QuotaTooSmall", message, steady: [message] };
}

function waitsFor(purse: OpenPurse, short: Allowance, { nanoUSD }: Asked): QuotaWait {
  const head = `This attempt may cost $${formatUSD(nanoUSD)}, which does not fit ${nameOf(purse, short)}:`;
  const tail = renewal(short.renewsAt);
  const message = `${head} ${usedOf(short)}. ${tail}`;
  return { reason: "WaitingForQuota", message, steady: [head, tail], until: short.renewsAt, needsNanoUSD: nanoUSD };
}

/** Such as "the quota of $10.00 a day for namespace team-a". */
export function nameOf({ namespace }: OpenPurse, { most, period }: Allowance): string {
  return `the quota of $${formatUSD(most)} a ${period} for namespace ${namespace}`;
}

/** Such as "$8.50 are spent and $1.00 reserved". */
export function usedOf({ spent, reserved }: Allowance): string {
  return `$${formatUSD(spent)} are spent and $${formatUSD(reserved)} reserved`;
}

/** In UTC, without fractions of a second. */
export function renewal(date: Date): string {
  return `It renews at ${date.toISOString().replace(/\.\d+Z$/, "Z")}.`;
}
