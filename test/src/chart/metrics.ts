import { Bench } from "../../../operator/src/control/testing/bench.ts";
import { addProcessMetrics, createMetrics } from "../../../operator/src/metrics.ts";

/** A metric that Prometheus gets, with the names of its labels. */
export interface Exported {
  readonly name: string;
  readonly labelNames: readonly string[];
}

/** Everything that an operator registers from its start on, wherever in its code, but for the process metrics. */
export async function exportedMetrics(): Promise<readonly Exported[]> {
  const bench = await Bench.open();
  try {
    await bench.startOperator();
    await bench.until("the operator's wiring", async () =>
      (await bench.scrape()).includes("controller_runtime_max_concurrent_reconciles{"),
    );
    return registeredIn(bench.metrics);
  } finally {
    await bench.close();
  }
}

/** What prom-client adds about the process. */
export function processMetrics(): readonly Exported[] {
  const [bare, whole] = [createMetrics(), createMetrics()];
  addProcessMetrics(whole);
  const known = new Set(registeredIn(bare).map(({ name }) => name));
  return registeredIn(whole).filter(({ name }) => !known.has(name));
}

function registeredIn({ registry }: ReturnType<typeof createMetrics>): readonly Exported[] {
  const metrics = registry.getMetricsAsArray() as unknown as readonly Exported[];
  return metrics.map(({ name, labelNames }) => ({ name, labelNames }));
}
