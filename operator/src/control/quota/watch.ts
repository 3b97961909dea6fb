import { Counter, Gauge, type Registry } from "prom-client";
import type { Clock } from "../../cluster/clock.ts";
import { nearly } from "../../reconcile/quota/findings.ts";
import type { Allowance, OpenPurse } from "../../reconcile/quota/purse.ts";

interface Seen {
  readonly allowances: readonly Allowance[];
  readonly waiting: number;
}

interface QuotaWatchOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  /** A quota of the namespace has been nearly spent, or spent, or has renewed: all its batches should say so. */
  readonly onCrossing: (namespace: string) => void;
}

/** What the passes over batches with quotas have seen, for Prometheus and for batches that no event wakes. No name of an object is in a metric. */
export class QuotaWatch {
  readonly #options: QuotaWatchOptions;
  readonly #seen = new Map<string, Seen>();
  readonly #writes: Counter<"result">;

  constructor(options: QuotaWatchOptions) {
    this.#options = options;
    const { registry } = options;
    const help = "Writes of quota ledgers by result: written, or refused (by a lost race, for want of rights, by a fault).";
    this.#writes = new Counter({ name: "codybatch_quota_ledger_writes_total", help, labelNames: ["result"], registers: [registry] });
    this.#gauge("codybatch_quotas_nearly_spent", "Quotas of namespaces of which 80 % or more are spent in the running period.", () =>
      this.#current().reduce((sum, { allowances }) => sum + allowances.filter((one) => levelOf(one) > 0).length, 0),
    );
    this.#gauge("codybatch_quota_waiting_batches", "BatchChanges that wait for a quota to have room.", () =>
      this.#current().reduce((sum, { waiting }) => sum + waiting, 0),
    );
  }

  readonly countWrite = (result: "written" | "refused"): void => this.#writes.inc({ result });

  readonly look = (namespace: string, { allowances }: OpenPurse, waiting: number): void => {
    const before = this.#seen.get(namespace);
    this.#seen.set(namespace, { allowances, waiting });
    if (before !== undefined && levels(before.allowances) !== levels(allowances)) this.#options.onCrossing(namespace);
  };

  #gauge(name: string, help: string, value: () => number): Gauge {
    return new Gauge({
      name,
      help,
      registers: [this.#options.registry],
      collect() {
        this.set(value());
      },
    });
  }

  /** What has renewed since it was looked at is not spent. */
  #current(): readonly Seen[] {
    const now = this.#options.clock.date();
    return [...this.#seen.values()].map(({ allowances, waiting }) => ({
      waiting,
      allowances: allowances.filter(({ renewsAt }) => renewsAt > now),
    }));
  }
}

function levels(allowances: readonly Allowance[]): string {
  return allowances.map(levelOf).join();
}

/** 2: spent, 1: nearly. */
function levelOf({ spent, most }: Allowance): number {
  if (most === 0) return 0;
  return spent >= most ? 2 : spent / most >= nearly ? 1 : 0;
}
