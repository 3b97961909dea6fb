import type { Client } from "../../cluster/client.ts";
import type { Clock } from "../../cluster/clock.ts";
import { ApiError } from "../../cluster/errors.ts";
import { slimMetadata, type KubeObject } from "../../cluster/object.ts";
import { resources } from "../../cluster/resource.ts";
import { mergePatchOf } from "../../reconcile/merge-patch.ts";
import { emptyLedger, type Ledger } from "../../reconcile/quota/ledger.ts";
import { monthBefore } from "../../reconcile/quota/period.ts";
import { ledgerData, ledgerLabel, ledgerName, readLedger } from "../../reconcile/quota/stored.ts";
import { CacheBehind } from "../cache-behind.ts";
import { managedBy } from "../manifests.ts";

/** A namespace's ledger of one month, as it is stored. */
export interface Page {
  readonly namespace: string;
  readonly month: string;
  readonly ledger: Ledger;
  /** Undefined while there is none. */
  readonly resourceVersion: string | undefined;
}

/** Nobody can say what a namespace has spent, so nothing may start in it. The message is for its users. */
export class LedgerClosed extends Error {
  override readonly name = "LedgerClosed";
}

export interface LedgersOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** The operator's own namespace. */
  readonly home: string;
  /** How long, in milliseconds, what was read counts. Every write is checked by the API server all the same. */
  readonly readFor: number;
  readonly countWrite: (result: "written" | "refused") => void;
}

/** Months whose ledgers stay: the running one and as many before it as let a month be held against that of the year before. */
const monthsKept = 13;

/** The ledgers as ConfigMaps in the operator's namespace. */
export class Ledgers {
  readonly #options: LedgersOptions;
  readonly #known = new Map<string, { readonly page: Page; readonly readAt: number }>();

  constructor(options: LedgersOptions) {
    this.#options = options;
  }

  /** Throws {@link LedgerClosed} or what the client throws. */
  async read(namespace: string, month: string): Promise<Page> {
    const { client, clock, home, readFor } = this.#options;
    const name = ledgerName(namespace, month);
    const known = this.#known.get(name);
    if (known !== undefined && clock.now() - known.readAt < readFor) return known.page;
    const found = await this.#orClosed(name, () => client.get(resources.configMaps, home, name));
    return this.#remember(name, { namespace, month, ...contentOf(name, home, found) });
  }

  /** Stores the new content, if anything of it is new. Throws {@link LedgerClosed}, {@link CacheBehind} or what the client throws. */
  async write(page: Page, ledger: Ledger): Promise<Page> {
    const data = mergePatchOf(ledgerData(page.ledger), ledgerData(ledger));
    if (data === undefined) return page;
    const name = ledgerName(page.namespace, page.month);
    this.#known.delete(name);
    const stored = await this.#counted(() => this.#orClosed(name, () => this.#store(page, data)));
    if (page.resourceVersion === undefined) await this.#prune(page);
    return this.#remember(name, { ...page, ledger, resourceVersion: stored.metadata.resourceVersion });
  }

  #remember(name: string, page: Page): Page {
    this.#known.set(name, { page, readAt: this.#options.clock.now() });
    return page;
  }

  async #store({ namespace, month, resourceVersion }: Page, data: object): Promise<KubeObject> {
    const { client, home } = this.#options;
    const name = ledgerName(namespace, month);
    if (resourceVersion !== undefined) return client.mergePatch(resources.configMaps, home, name, { metadata: { resourceVersion }, data });
    const metadata = { name, namespace: home, labels: { ...managedBy, [ledgerLabel]: namespace } };
    return client.create(resources.configMaps, home, { apiVersion: "v1", kind: "ConfigMap", metadata, data });
  }

  async #counted(write: () => Promise<KubeObject>): Promise<KubeObject> {
    const { countWrite } = this.#options;
    try {
      const stored = await write();
      countWrite("written");
      return stored;
    } catch (error) {
      countWrite("refused");
      throw error;
    }
  }

  /** What the API server refuses for good closes the ledger; a lost race or a ledger that was deleted only asks for another look. */
  async #orClosed<T>(name: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404 || error.status === 409) throw new CacheBehind(`the ledger ${name} has changed: ${error.message}`);
      if (error.status === 403 || error.status === 413 || error.status === 422) throw closed(name, this.#options.home, error.message);
      throw error;
    }
  }

  /** With each new month, so seldom. A failure leaves an old ledger for the next time. */
  async #prune({ namespace, month }: Page): Promise<void> {
    const { client, home } = this.#options;
    const oldest = ledgerName(namespace, monthBefore(month, monthsKept - 1));
    const selection = { namespace: home, labelSelector: `${ledgerLabel}=${namespace}`, metadataOnly: true };
    const { items } = await client.list(resources.configMaps, selection, slimMetadata);
    for (const { name, uid } of items.filter((one) => one.name < oldest)) await client.remove(resources.configMaps, home, name, uid);
  }
}

function contentOf(name: string, home: string, found: KubeObject | undefined): Pick<Page, "ledger" | "resourceVersion"> {
  if (found === undefined) return { ledger: emptyLedger, resourceVersion: undefined };
  const ledger = readLedger(found["data"]);
  if (ledger === undefined) throw closed(name, home, "it holds what no operator has written");
  return { ledger, resourceVersion: found.metadata.resourceVersion };
}

function closed(name: string, home: string, why: string): LedgerClosed {
  return new LedgerClosed(
    `The ledger of this namespace's quotas, ConfigMap ${name} in namespace ${home}, cannot be read or written, so nothing starts (${why.slice(0, 300)}). An administrator mends it, or upgrades the chart so that the operator has its rights; it is tried again by itself.`,
  );
}
