import { Gauge, type Registry } from "prom-client";

/** What is read off the caches at the moment of a scrape. */
export interface Readings {
  /** BatchChanges that are not finished and have spent most of a budget that somebody set. */
  readonly budgetsNearlySpent: () => number;
  /** Pull requests of the Changesets that there are, by state. */
  readonly pullRequests: () => ReadonlyMap<string, number>;
  /** Dollars, over the BatchChanges that have a merged one and whose cost is known; undefined without any. */
  readonly costPerMergedPullRequest: () => number | undefined;
  readonly storedBytes: () => number;
  readonly storageLimitBytes: () => number;
  /** Seconds since each watch was last heard, by resource; of several namespaces the longest. */
  readonly silence: () => ReadonlyMap<string, number>;
}

/** Gauges of the readings that the function gets which this returns; 0, or none, before. */
export function readingGauges(registry: Registry): (readings: Readings) => void {
  let readings: Readings | undefined;
  const scraped = (name: string, help: string, value: (now: Readings) => number): Gauge =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        if (readings !== undefined) this.set(value(readings));
      },
    });
  scraped("codybatch_budgets_nearly_spent", "Unfinished BatchChanges that have spent 80 % or more of spec.budget.", (now) =>
    now.budgetsNearlySpent(),
  );
  scraped("codybatch_results_stored_bytes", "Bytes of all stored results in ConfigMaps.", (now) => now.storedBytes());
  scraped("codybatch_results_limit_bytes", "Stored bytes at which nothing new starts.", (now) => now.storageLimitBytes());
  pullRequestGauge(registry, () => readings?.pullRequests() ?? new Map());
  costGauge(registry, () => readings?.costPerMergedPullRequest());
  silenceGauge(registry, () => readings?.silence() ?? new Map());
  return (given) => void (readings = given);
}

function pullRequestGauge(registry: Registry, byState: Readings["pullRequests"]): Gauge {
  return new Gauge({
    name: "codybatch_pull_requests",
    help: "Pull requests of the Changesets that there are, by state.",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      for (const [state, count] of byState()) this.set({ state }, count);
    },
  });
}

function costGauge(registry: Registry, dollars: Readings["costPerMergedPullRequest"]): Gauge {
  return new Gauge({
    name: "codybatch_cost_per_merged_pull_request_dollars",
    help: "Dollars of all attempts of BatchChanges with a merged pull request, for each of these; absent without any.",
    registers: [registry],
    collect() {
      this.remove();
      const value = dollars();
      if (value !== undefined) this.set(value);
    },
  });
}

function silenceGauge(registry: Registry, silence: Readings["silence"]): Gauge {
  return new Gauge({
    name: "codybatch_watch_silence_seconds",
    help: "Seconds since a watch was last heard, bookmarks and lists included.",
    labelNames: ["resource"],
    registers: [registry],
    collect() {
      for (const [resource, seconds] of silence()) this.set({ resource }, seconds);
    },
  });
}
