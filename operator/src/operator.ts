import { Counter } from "prom-client";
import type { Client } from "./cluster/client.ts";
import { sleep, type Clock } from "./cluster/clock.ts";
import { Expectations } from "./cluster/expectations.ts";
import { Lease } from "./cluster/lease.ts";
import { waitForServer } from "./cluster/reachable.ts";
import { WorkQueue } from "./cluster/work-queue.ts";
import type { Config } from "./config.ts";
import { createCaches, type Caches } from "./control/caches.ts";
import { Controller } from "./control/controller.ts";
import { EventRecorder } from "./control/events.ts";
import { AdmissionPolicy } from "./control/policy.ts";
import { Setbacks } from "./control/setbacks.ts";
import { Slots } from "./control/slots.ts";
import { runWorkers } from "./control/workers.ts";
import { startHealthServer, type WatchState } from "./health.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";

/** What comes from outside the settings: the connection, time, chance and how to end. */
export interface OperatorParts {
  readonly client: Client;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** Unique to this process. */
  readonly identity: string;
  /** Aborted when the process is asked to stop. */
  readonly signal: AbortSignal;
  /** Called when the operator cannot go on and the process must end. */
  readonly fail: (error: unknown) => void;
}

export interface Operator {
  /** Port of /healthz, /readyz and /metrics. */
  readonly httpPort: number;
  /** Ends watching and working, waits for what is under way, and frees the Lease. */
  readonly stop: () => Promise<void>;
}

/** What start, stop and health need of a reflector of any kind of object. */
type Watch = WatchState & { start(): void; stop(): Promise<void> };

/** The Lease was lost: another operator may act, so this one must not. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** Starts health, watches and, once the Lease is held and every cache is filled, the workers. Resolves as soon as health is served. */
export async function startOperator(config: Config, log: Log, parts: OperatorParts): Promise<Operator> {
  const { client, metrics, clock, random, signal } = parts;
  const queue = new WorkQueue({ name: "batchchange", clock, metrics });
  const caches = createCaches({
    client,
    namespaces: config.watchNamespaces,
    clock,
    random,
    log,
    metrics,
    times: config.reflector,
    onChange: (key) => queue.add(key),
  });
  const reflectors = watchesOf(caches);
  const stopping = new AbortController();
  const lease = leaseOf(config, log, parts);
  const health = await startHealthServer({
    ...config.http,
    clock,
    registry: metrics.registry,
    watches: () => reflectors,
    silenceLimit: config.healthSilence,
  });
  const running = run();
  running.catch((error: unknown) => parts.fail(error));
  return { httpPort: health.port, stop };

  async function run(): Promise<void> {
    await waitForServer({ client, clock, random, log, signal });
    for (const reflector of reflectors) reflector.start();
    if (!(await lease.acquire())) return;
    while (!signal.aborted && !stopping.signal.aborted && reflectors.some(({ synced }) => !synced)) await sleep(clock, 20, signal);
    const policy = new AdmissionPolicy({
      client,
      clock,
      log,
      required: !config.unsafeWithoutAdmissionPolicy,
      interval: config.settings.timings.poll * 1000,
      onChange: () => caches.batches.keys().forEach((key) => queue.add(key)),
    });
    const controller = controllerOf(config, log, parts, { queue, caches, policy });
    log.info({ workers: config.workers }, "the operator works");
    const watching = policy.watch(stopping.signal);
    await runWorkers({ controller, queue, clock, log, metrics }, config.workers);
    await watching;
  }

  async function stop(): Promise<void> {
    stopping.abort();
    queue.shutDown();
    const released = lease.release();
    await Promise.all(reflectors.map((reflector) => reflector.stop()));
    await running.catch(() => undefined);
    await released;
    await health.close();
  }
}

function watchesOf({ batches, changesets, jobs, pods, records }: Caches): readonly Watch[] {
  return [...batches.reflectors, ...changesets.reflectors, ...jobs.reflectors, ...pods.reflectors, ...records.reflectors];
}

function leaseOf(config: Config, log: Log, { client, clock, random, metrics, identity, fail }: OperatorParts): Lease {
  return new Lease({
    client,
    namespace: config.namespace,
    name: "codybatch-operator",
    identity,
    clock,
    random,
    log,
    metrics,
    times: config.lease,
    onLost: () => fail(new LeaseLost("the Lease was lost")),
  });
}

interface Wiring {
  readonly queue: WorkQueue;
  readonly caches: Caches;
  readonly policy: AdmissionPolicy;
}

function controllerOf(config: Config, log: Log, { client, clock, metrics, identity }: OperatorParts, wiring: Wiring): Controller {
  const { queue, caches, policy } = wiring;
  const { limits, settings, statusInterval } = config;
  const expectations = new Expectations(clock, config.expectation);
  const writes = new Counter({
    name: "codybatch_writes_total",
    help: "Writes to the API server by what they do.",
    labelNames: ["action"],
    registers: [metrics.registry],
  });
  return new Controller({
    client,
    caches,
    limits,
    settings,
    queue,
    expectations,
    clock,
    statusInterval,
    slots: new Slots(caches, clock, limits.runningJobs),
    setbacks: new Setbacks(clock, settings.timings.poll * 1000),
    obstacle: () => policy.obstacle,
    apply: {
      client,
      caches,
      expectations,
      events: new EventRecorder(client, clock, identity),
      countWrite: (action) => writes.inc({ action }),
      log,
    },
  });
}
