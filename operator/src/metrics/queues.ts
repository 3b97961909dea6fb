import { Gauge, type Registry } from "prom-client";

/** What a queue tells at the moment of a scrape. */
export interface QueueState {
  readonly depth: () => number;
  /** Seconds for which each key in work has been worked on. */
  readonly running: () => readonly number[];
}

/** Gauges of every queue that is given to the function which this returns. */
export function queueGauges(registry: Registry): (name: string, state: QueueState) => void {
  const queues = new Map<string, QueueState>();
  const scraped = (name: string, help: string, value: (state: QueueState) => number): Gauge =>
    new Gauge({
      name,
      help,
      labelNames: ["name"],
      registers: [registry],
      collect() {
        for (const [queue, state] of queues) this.set({ name: queue }, value(state));
      },
    });
  scraped("workqueue_depth", "Keys that wait.", (state) => state.depth());
  scraped("workqueue_unfinished_work_seconds", "Seconds of work in progress, added up.", (state) =>
    state.running().reduce((sum, one) => sum + one, 0),
  );
  scraped("workqueue_longest_running_processor_seconds", "Seconds of the longest work in progress.", (state) =>
    Math.max(0, ...state.running()),
  );
  return (name, state) => void queues.set(name, state);
}
