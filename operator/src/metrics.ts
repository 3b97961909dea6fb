import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import { queueGauges } from "./metrics/queues.ts";
import { readingGauges } from "./metrics/readings.ts";

export type Metrics = ReturnType<typeof createMetrics>;

const wait = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1000];
const reconcile = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** One registry with everything, under the names that client-go and controller-runtime use or `codybatch_*`. docs/guide/monitoring.md has a row for each. */
export function createMetrics() {
  const registry = new Registry();
  const counter = counterIn(registry);
  return {
    registry,
    observeQueue: queueGauges(registry),
    observeReadings: readingGauges(registry),
    requests: counter(
      "rest_client_requests_total",
      "Requests to the API server by method and code (<error> when none arrived).",
      "method",
      "code",
    ),
    queueAdds: counter("workqueue_adds_total", "Keys added to the queue.", "name"),
    queueRetries: counter("workqueue_retries_total", "Keys added again after a failure.", "name"),
    queueWait: histogram(registry, {
      name: "workqueue_queue_duration_seconds",
      help: "Seconds a key waited.",
      label: "name",
      buckets: wait,
    }),
    queueWork: histogram(registry, {
      name: "workqueue_work_duration_seconds",
      help: "Seconds of work on a key.",
      label: "name",
      buckets: wait,
    }),
    reconciles: counter(
      "controller_runtime_reconcile_total",
      "Reconciles by result: success, error, requeue, requeue_after.",
      "controller",
      "result",
    ),
    reconcileErrors: counter("controller_runtime_reconcile_errors_total", "Reconciles that failed.", "controller"),
    reconcileSeconds: histogram(registry, {
      name: "controller_runtime_reconcile_time_seconds",
      help: "Seconds of one reconcile.",
      label: "controller",
      buckets: reconcile,
    }),
    activeWorkers: gauge(registry, "controller_runtime_active_workers", "Workers that are reconciling.", "controller"),
    maxWorkers: gauge(registry, "controller_runtime_max_concurrent_reconciles", "Workers there are.", "controller"),
    leader: gauge(registry, "leader_election_master_status", "1 while this process holds the Lease.", "name"),
    writes: counter("codybatch_writes_total", "Writes to the API server by what they do.", "action"),
    ...endCounters(counter),
    ...watchCounters(counter),
  };
}

/** Adds the process metrics of prom-client (memory, event loop, GC); once in a process. */
export function addProcessMetrics(metrics: Metrics): void {
  collectDefaultMetrics({ register: metrics.registry });
}

function watchCounters(counter: CounterOf) {
  return {
    watchRelists: counter("codybatch_watch_lists_total", "Whole lists by cause: start, periodic, expired, error.", "resource", "cause"),
    watchMisses: counter("codybatch_watch_missed_changes_total", "Changes that only a periodic list brought to light.", "resource"),
    watchEnds: counter("codybatch_watch_ends_total", "Watches that ended, by cause.", "resource", "cause"),
    watchHalfLines: counter("codybatch_watch_half_lines_total", "Lines cut off by the end of a watch.", "resource"),
    watchHandlerErrors: counter("codybatch_watch_handler_errors_total", "Changes whose handler threw.", "resource"),
  };
}

function endCounters(counter: CounterOf) {
  const help = "Searches for repositories and looks at pull requests whose end is in status, by task and outcome.";
  return { attempts: attemptCounter(counter), looks: counter("codybatch_looks_total", help, "task", "outcome") };
}

/** With a 0 for what must never happen: the first increase of a series that was not there before is none to Prometheus. */
function attemptCounter(counter: CounterOf): Counter<"outcome" | "reason"> {
  const attempts = counter("codybatch_attempts_total", "Attempts that ended, by outcome and reason.", "outcome", "reason");
  attempts.inc({ outcome: "Failed", reason: "ResultLost" }, 0);
  return attempts;
}

type CounterOf = ReturnType<typeof counterIn>;

function counterIn(registry: Registry) {
  return <L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> =>
    new Counter({ name, help, labelNames, registers: [registry] });
}

function gauge(registry: Registry, name: string, help: string, label: string): Gauge {
  return new Gauge({ name, help, labelNames: [label], registers: [registry] });
}

interface HistogramOptions {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly buckets: readonly number[];
}

function histogram(registry: Registry, { name, help, label, buckets }: HistogramOptions): Histogram {
  return new Histogram({ name, help, labelNames: [label], buckets: [...buckets], registers: [registry] });
}
