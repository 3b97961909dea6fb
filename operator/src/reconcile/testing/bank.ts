import { nanoUSD, type Changeset } from "@codybatch/crds";
import type { Observed } from "../observed.ts";
import { audit, changesetOf } from "../quota/audit.ts";
import { emptyLedger, release, reserve, settle, type Ledger } from "../quota/ledger.ts";
import { dayOf, isIn, monthBefore, monthOf } from "../quota/period.ts";
import { purseOf, type OpenPurse } from "../quota/purse.ts";
import type { Quota } from "../quota/quota.ts";
import { ledgerData, readLedger } from "../quota/stored.ts";
import type { Action } from "../wish.ts";
import type { WorldJob, WorldPod } from "./world.ts";

/** What the bank can ask the world's API server for. */
interface Known {
  readonly changesets: ReadonlyMap<string, Changeset>;
  readonly jobs: ReadonlyMap<string, WorldJob>;
  readonly pods: ReadonlyMap<string, WorldPod>;
}

const provenAfter = 60_000;

/** The ledgers of a world whose namespaces have quotas: they outlive batches and operators. */
export class Bank {
  quotas: readonly Quota[];
  /** Batches were deleted, so that some runs count with more than they cost. */
  hasDeletions = false;
  readonly #world: Known;
  readonly #pages = new Map<string, Ledger>();

  constructor(world: Known, quotas: readonly Quota[]) {
    [this.#world, this.quotas] = [world, quotas];
  }

  /** Both ledgers brought up to date, as one pass does before it decides. */
  purseFor(observed: Observed): OpenPurse {
    const { namespace } = observed.batch.metadata;
    const month = monthOf(observed.now);
    this.#bringUp(observed, monthBefore(month), month);
    const unused = this.#bringUp(observed, month, monthBefore(month));
    return purseOf(namespace, this.quotas, this.#page(namespace, month), { unused, now: observed.now });
  }

  /** Writes down what starts. Throws when that is more than a quota allows. */
  reserve({ batch, now }: Observed, actions: readonly Action[]): void {
    const { namespace } = batch.metadata;
    const starts = actions.filter((action) => action.kind === "CreateJob");
    if (starts.length === 0) return;
    const at = now.toISOString();
    const add = (left: Ledger, { name, reservedNanoUSD }: (typeof starts)[number]) => reserve(left, name, { nanoUSD: reservedNanoUSD, at });
    const ledger = starts.reduce(add, this.#page(namespace, monthOf(now)));
    this.#write(namespace, monthOf(now), ledger);
    for (const { most, spent, reserved, period } of purseOf(namespace, this.quotas, ledger, { unused: new Set(), now }).allowances) {
      if (spent + reserved > most) throw new Error(`${namespace} is granted ${spent + reserved} of ${most} a ${period}`);
    }
  }

  /** Money that is really spent by what began in the running period, whatever the ledgers say. */
  checkReal(now: Date): void {
    for (const { period, maxCostUSD } of this.quotas) {
      const spent = new Map<string, number>();
      for (const { job, spentNanoUSD, pod } of this.#world.pods.values()) {
        const started = new Date(this.#world.jobs.get(job)!.job.createdAt);
        if (isIn(period, dayOf(started), now)) spent.set(pod.namespace, (spent.get(pod.namespace) ?? 0) + spentNanoUSD);
      }
      for (const [namespace, nano] of spent) {
        if (nano > nanoUSD(maxCostUSD)) throw new Error(`${namespace} has really spent ${nano} of ${maxCostUSD} dollars a ${period}`);
      }
    }
  }

  /** At rest nothing is open but what was deleted, and the ledgers hold every charge once. */
  checkRest(now: Date): void {
    let isLate = false;
    for (const [key, { open }] of this.#pages) {
      const left = [...open.keys()].filter((job) => this.#world.changesets.has(changesetOf(job)));
      // Nobody opens the ledger of the month before the last again: what ran so long stays reserved in it.
      if (left.length > 0 && key.slice(-7) >= monthBefore(monthOf(now))) throw new Error(`${key} still reserves for ${left.join()}`);
      isLate ||= left.length > 0;
    }
    const spent = [...this.#pages.values()].flatMap((page) => [...page.spent.values()]).reduce((sum, one) => sum + one, 0);
    const charged = [...this.#world.changesets.values()].reduce((sum, { status }) => sum + (status?.chargedNanoUSD ?? 0), 0);
    const [tooLittle, tooMuch] = [spent < charged && !isLate, spent > charged && !this.hasDeletions];
    if (tooLittle || tooMuch) throw new Error(`the ledgers hold ${spent}, charged are ${charged}`);
  }

  #bringUp(observed: Observed, month: string, other: string): ReadonlySet<string> {
    const { namespace } = observed.batch.metadata;
    const elsewhere = new Set(this.#page(namespace, other).open.keys());
    const { ledger, unused } = audit(this.#page(namespace, month), observed, { month, elsewhere });
    const young = new Set<string>();
    let left = ledger;
    for (const [job, { nanoUSD: nano, at }] of ledger.open) {
      if (!this.#world.changesets.has(changesetOf(job))) left = settle(left, job, nano);
      else if (unused.has(job) && observed.now.getTime() - Date.parse(at) < provenAfter) young.add(job);
      else if (unused.has(job)) left = release(left, job);
    }
    this.#write(namespace, month, left);
    return young;
  }

  #page(namespace: string, month: string): Ledger {
    return this.#pages.get(`${namespace} ${month}`) ?? emptyLedger;
  }

  /** As it is stored. */
  #write(namespace: string, month: string, ledger: Ledger): void {
    this.#pages.set(`${namespace} ${month}`, readLedger(ledgerData(ledger))!);
  }
}
