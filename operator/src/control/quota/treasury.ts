import type { Client } from "../../cluster/client.ts";
import { resources } from "../../cluster/resource.ts";
import { audit, changesetOf } from "../../reconcile/quota/audit.ts";
import { release, reserve, settle, type Ledger } from "../../reconcile/quota/ledger.ts";
import { afterPass, behind, served, type Line } from "../../reconcile/quota/line.ts";
import { monthBefore, monthOf } from "../../reconcile/quota/period.ts";
import { purseOf, type OpenPurse, type Purse } from "../../reconcile/quota/purse.ts";
import { quotasOf, type Quota } from "../../reconcile/quota/quota.ts";
import type { Observed } from "../../reconcile/observed.ts";
import type { Action, CreateJob } from "../../reconcile/wish.ts";
import { LedgerClosed, type Ledgers, type Page } from "./ledgers.ts";
import { Locks } from "./lock.ts";

/** What a pass came to with the purse that it was given. */
export interface Decided {
  readonly actions: readonly Action[];
  /** The least, in nano-dollars, that one of its starts waits for the quotas to have; undefined when none does. */
  readonly needsNanoUSD: number | undefined;
  /** Its Jobs are not created after all. */
  readonly undo: () => void;
}

export type Decide = (purse: Purse | undefined) => Decided;

export interface TreasuryOptions {
  readonly quotas: readonly Quota[];
  readonly ledgers: Ledgers;
  readonly client: Client;
  readonly hasChangeset: (namespace: string, name: string) => boolean;
  /** Another batch is worth a pass, now or in so many milliseconds. */
  readonly wake: (batch: string, afterMs: number) => void;
  /** Told after every pass over a batch of a namespace with quotas. */
  readonly look: (namespace: string, purse: OpenPurse, waiting: number) => void;
  /** Milliseconds after which a create without an answer has taken effect, or never will. */
  readonly provenAfter: number;
}

/** Deleted Changesets that one pass asks for. */
const askedPerPass = 10;

/** The money of namespaces with quotas: one pass at a time reads the ledger, decides and writes down what starts, before it starts. */
export class Treasury {
  readonly #options: TreasuryOptions;
  readonly #locks = new Locks();
  readonly #lines = new Map<string, Line>();

  constructor(options: TreasuryOptions) {
    this.#options = options;
  }

  /** Throws what the ledger's reading or writing throws: then nothing of what was decided may start. */
  async decide(key: string, observed: Observed, decide: Decide): Promise<readonly Action[]> {
    const { namespace } = observed.batch.metadata;
    const quotas = quotasOf(namespace, this.#options.quotas);
    if (quotas.length === 0) return decide(undefined).actions;
    return this.#locks.run(namespace, async () => {
      try {
        return await new Pass(this.#options, { key, observed, quotas, decide }).run(this.#lines);
      } catch (error) {
        if (!(error instanceof LedgerClosed)) throw error;
        return decide({ kind: "Closed", message: error.message }).actions;
      }
    });
  }

  /** The batch is gone and waits for nothing. */
  forget(key: string): void {
    const [namespace = ""] = key.split("/");
    const line = this.#lines.get(namespace) ?? [];
    const left = line.filter(({ batch }) => batch !== key);
    if (left.length === line.length) return;
    this.#lines.set(namespace, left);
    for (const { batch } of left) this.#options.wake(batch, 0);
  }
}

interface PassOptions {
  readonly key: string;
  readonly observed: Observed;
  readonly quotas: readonly Quota[];
  readonly decide: Decide;
}

/** One pass over one batch with its namespace's ledger in hand. */
class Pass {
  readonly #options: TreasuryOptions;
  readonly #pass: PassOptions;
  readonly #namespace: string;

  constructor(options: TreasuryOptions, pass: PassOptions) {
    [this.#options, this.#pass, this.#namespace] = [options, pass, pass.observed.batch.metadata.namespace];
  }

  async run(lines: Map<string, Line>): Promise<readonly Action[]> {
    const { key, observed, quotas, decide } = this.#pass;
    const month = monthOf(observed.now);
    const [before, page] = await this.#pages(month);
    const last = await this.#upToDate(before, page);
    if (last.ledger !== before.ledger) await this.#options.ledgers.write(before, last.ledger);
    const { ledger, unused } = await this.#upToDate(page, before);
    const line = lines.get(this.#namespace) ?? [];
    const decided = decide(behind(line, key, purseOf(this.#namespace, quotas, ledger, { unused, now: observed.now })));
    const starts = decided.actions.filter((action) => action.kind === "CreateJob");
    const after = await this.#writeDown(page, reserveAll(ledger, starts, observed.now), decided);
    const next = afterPass(line, key, { needs: decided.needsNanoUSD, got: starts.length > 0 });
    lines.set(this.#namespace, next);
    this.#tell(next, after, after !== page.ledger || next.length < line.length);
    return decided.actions;
  }

  /** Last month's too: a run that began in it is settled in it. */
  async #pages(month: string): Promise<readonly [Page, Page]> {
    const { ledgers } = this.#options;
    return [await ledgers.read(this.#namespace, monthBefore(month)), await ledgers.read(this.#namespace, month)];
  }

  async #upToDate({ ledger, month }: Page, other: Page): Promise<{ readonly ledger: Ledger; readonly unused: ReadonlySet<string> }> {
    const audited = audit(ledger, this.#pass.observed, { month, elsewhere: new Set(other.ledger.open.keys()) });
    return this.#withoutProven(await this.#withoutOrphans(audited.ledger), audited.unused);
  }

  /** What was deleted gives nothing back: nobody knows what it did, so it counts with all that it could cost. */
  async #withoutOrphans(ledger: Ledger): Promise<Ledger> {
    const { client, hasChangeset } = this.#options;
    let left = ledger;
    const orphans = [...ledger.open].filter(([job]) => !hasChangeset(this.#namespace, changesetOf(job)));
    for (const [job, { nanoUSD }] of orphans.slice(0, askedPerPass)) {
      if ((await client.get(resources.changesets, this.#namespace, changesetOf(job))) === undefined) left = settle(left, job, nanoUSD);
    }
    return left;
  }

  /** A reservation whose Job was never made is given back once it is sure that it will not appear. */
  async #withoutProven(
    ledger: Ledger,
    unused: ReadonlySet<string>,
  ): Promise<{ readonly ledger: Ledger; readonly unused: ReadonlySet<string> }> {
    const { client, wake, provenAfter } = this.#options;
    const { key, observed } = this.#pass;
    const young = new Set<string>();
    let left = ledger;
    for (const job of unused) {
      const age = observed.now.getTime() - Date.parse(ledger.open.get(job)?.at ?? "");
      if (age < provenAfter) wake(key, provenAfter - age);
      if (age < provenAfter || (await client.get(resources.jobs, this.#namespace, job)) !== undefined) young.add(job);
      else left = release(left, job);
    }
    return { ledger: left, unused: young };
  }

  async #writeDown(page: Page, ledger: Ledger, { undo }: Decided): Promise<Ledger> {
    try {
      return (await this.#options.ledgers.write(page, ledger)).ledger;
    } catch (error) {
      undo();
      throw error;
    }
  }

  #tell(line: Line, ledger: Ledger, hasChanged: boolean): void {
    const { wake, look } = this.#options;
    const { key, quotas, observed } = this.#pass;
    const purse = purseOf(this.#namespace, quotas, ledger, { unused: new Set(), now: observed.now });
    look(this.#namespace, purse, line.length);
    if (!hasChanged) return;
    // Where nothing runs any more nothing will come free: those who wait have to say so.
    const isIdle = purse.allowances.some(({ reserved }) => reserved === 0);
    const due = isIdle ? line.map(({ batch }) => batch) : served(line, purse);
    for (const batch of due) if (batch !== key) wake(batch, 0);
  }
}

/** By the time of the reservation, which is that of the start. */
function reserveAll(ledger: Ledger, starts: readonly CreateJob[], now: Date): Ledger {
  const at = now.toISOString();
  return starts.reduce((left, { name, reservedNanoUSD }) => reserve(left, name, { nanoUSD: reservedNanoUSD, at }), ledger);
}
