import { setImmediate as afterOtherWork } from "node:timers/promises";
import type { Clock } from "../cluster/clock.ts";
import { isRetryable } from "../cluster/errors.ts";
import type { WorkQueue } from "../cluster/work-queue.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Controller } from "./controller.ts";
import { CacheBehind } from "./cache-behind.ts";

export interface WorkerOptions {
  readonly controller: Controller;
  readonly queue: WorkQueue;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const labels = { controller: "batchchange" };

/** Works on keys until the queue is shut down; resolves when the last one is done. */
export async function runWorkers(options: WorkerOptions, count: number): Promise<void> {
  options.metrics.maxWorkers.set(labels, count);
  await Promise.all(Array.from({ length: count }, () => work(options)));
}

async function work(options: WorkerOptions): Promise<void> {
  const { queue, metrics } = options;
  for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
    metrics.activeWorkers.inc(labels);
    await workOn(key, options);
    metrics.activeWorkers.dec(labels);
    queue.done(key);
    // A pass without any request never gives the thread away: a hundred large batches in a row would outlast the Lease and the watches.
    await afterOtherWork();
  }
}

/** A pass that fails is repeated, later each time: all state is in the cluster, so nothing is lost by it. */
async function workOn(key: string, { controller, queue, clock, log, metrics }: WorkerOptions): Promise<void> {
  const startedAt = clock.now();
  try {
    await controller.reconcile(key);
    queue.forget(key);
    metrics.reconciles.inc({ ...labels, result: "success" });
  } catch (error) {
    metrics.reconciles.inc({ ...labels, result: "error" });
    metrics.reconcileErrors.inc(labels);
    const passes = isRetryable(error) || error instanceof CacheBehind;
    log[passes ? "info" : "error"]({ err: error, key, failures: queue.failures(key) }, "a pass failed; it will be repeated");
    queue.addRateLimited(key);
  }
  metrics.reconcileSeconds.observe(labels, (clock.now() - startedAt) / 1000);
}
