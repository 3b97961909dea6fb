import type { Client } from "./cluster/client.ts";
import { sleep, type Clock } from "./cluster/clock.ts";
import { Expectations } from "./cluster/expectations.ts";
import { Lease } from "./cluster/lease.ts";
import { waitForServer } from "./cluster/reachable.ts";
import { WorkQueue } from "./cluster/work-queue.ts";
import type { Config } from "./config.ts";
import { RecorderAccess } from "./control/access.ts";
import { Answers } from "./control/answers.ts";
import { createCaches, type Caches } from "./control/caches.ts";
import { Controller } from "./control/controller.ts";
import { EventRecorder } from "./control/events.ts";
import { partsOf } from "./control/key.ts";
import { AdmissionPolicy } from "./control/policy.ts";
import { Ledgers } from "./control/quota/ledgers.ts";
import { Treasury } from "./control/quota/treasury.ts";
import { QuotaWatch } from "./control/quota/watch.ts";
import { readingsOf } from "./control/readings.ts";
import type { Rest } from "./control/rest.ts";
import { Setbacks } from "./control/setbacks.ts";
import { Slots } from "./control/slots.ts";
import { runWorkers } from "./control/workers.ts";
import { startHealthServer, type WatchState } from "./health.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";

/** What comes from outside the settings: the connection, time, chance and how to end. */
export interface OperatorParts {
  readonly client: Client;
  /** For the Lease only: a renewal that waits behind a queue of other requests comes too late (seen). */
  readonly leaseClient: Client;
  /** Asked for by any of the clients. */
  readonly rest: Rest;
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
  /** Ends watching and working, waits for what is under way, and then frees the Lease. */
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
  const process = new OperatorProcess(config, log, parts);
  const { clock, metrics } = parts;
  const health = await startHealthServer({
    ...config.http,
    clock,
    registry: metrics.registry,
    watches: () => process.watches,
    missing: () => process.missing,
    silenceLimit: config.healthSilence,
  });
  process.start();
  return { httpPort: health.port, stop: () => process.stop().then(() => health.close()) };
}

/** Everything that runs, from the first watch to the last worker. */
class OperatorProcess {
  readonly #config: Config;
  readonly #log: Log;
  readonly #parts: OperatorParts;
  readonly #queue: WorkQueue;
  readonly #caches: Caches;
  readonly #lease: Lease;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  readonly watches: readonly Watch[];

  constructor(config: Config, log: Log, parts: OperatorParts) {
    const { client, clock, metrics, random } = parts;
    [this.#config, this.#log, this.#parts] = [config, log, parts];
    const queue = new WorkQueue({ name: "batchchange", clock, metrics });
    const scope = { namespaces: config.watchNamespaces, times: config.reflector };
    this.#queue = queue;
    this.#caches = createCaches({ client, clock, random, log, metrics, ...scope, onChange: (key) => queue.add(key) });
    this.#lease = leaseOf(config, log, parts);
    metrics.observeReadings(readingsOf(this.#caches, config.limits, clock));
    this.watches = watchesOf(this.#caches);
  }

  /** What is not installed, so that the Lease is refused. */
  get missing(): string | undefined {
    return this.#lease.missing;
  }

  start(): void {
    this.#running = this.#run();
    this.#running.catch((error: unknown) => this.#parts.fail(error));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#queue.shutDown();
    await Promise.all(this.watches.map((watch) => watch.stop()));
    await this.#running.catch(() => undefined);
    // Not before: whoever takes it may act at once.
    await this.#lease.release();
  }

  async #run(): Promise<void> {
    const { client, clock, random, metrics } = this.#parts;
    const signal = AbortSignal.any([this.#stopping.signal, this.#parts.signal]);
    await waitForServer({ client, clock, random, log: this.#log, signal });
    if (signal.aborted) return;
    for (const watch of this.watches) watch.start();
    if (!(await this.#lease.acquire(signal))) return;
    while (!signal.aborted && this.watches.some(({ synced }) => !synced)) await sleep(clock, 20, signal);
    const policy = this.#policy();
    const controller = controllerOf(this.#config, this.#log, this.#parts, { queue: this.#queue, caches: this.#caches, policy });
    const { workers } = this.#config;
    const watching = policy.watch(signal);
    // Without a first look every BatchChange would be refused for a moment, with a Warning.
    await policy.looked;
    this.#log.info({ workers }, "the operator works");
    await runWorkers({ controller, queue: this.#queue, clock, log: this.#log, metrics }, workers);
    await watching;
  }

  #policy(): AdmissionPolicy {
    const { client, clock } = this.#parts;
    return new AdmissionPolicy({
      client,
      clock,
      log: this.#log,
      required: !this.#config.unsafeWithoutAdmissionPolicy,
      binding: this.#config.recorderPolicyBinding,
      namespaces: this.#config.watchNamespaces,
      interval: this.#config.settings.timings.poll * 1000,
      onChange: () => this.#caches.batches.keys().forEach((key) => this.#queue.add(key)),
    });
  }
}

function watchesOf({ batches, changesets, jobs, pods, records, tasks, taskPods }: Caches): readonly Watch[] {
  return [batches, changesets, jobs, pods, records, tasks, taskPods].flatMap(({ reflectors }): readonly Watch[] => reflectors);
}

function leaseOf(config: Config, log: Log, { leaseClient, clock, random, metrics, identity, fail }: OperatorParts): Lease {
  return new Lease({
    client: leaseClient,
    namespace: config.namespace,
    name: config.leaseName,
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

function controllerOf(config: Config, log: Log, parts: OperatorParts, wiring: Wiring): Controller {
  const { client, rest, clock, metrics, identity } = parts;
  const { queue, caches, policy } = wiring;
  const { limits, settings, statusInterval, requests } = config;
  const expectations = new Expectations(clock, config.expectation);
  return new Controller({
    client,
    caches,
    answers: new Answers(client),
    limits,
    settings,
    queue,
    expectations,
    clock,
    statusInterval,
    writesAtOnce: requests.connections,
    treasury: treasuryOf(config, parts, wiring),
    slots: new Slots({ caches, clock, rest, runningJobs: limits.runningJobs, publishing: settings.publishing }),
    setbacks: new Setbacks(clock, settings.timings.poll * 1000),
    obstacle: () => policy.obstacle,
    apply: {
      client,
      caches,
      expectations,
      events: new EventRecorder(client, clock, identity),
      access: new RecorderAccess(client, clock),
      countWrite: (action) => metrics.writes.inc({ action }),
      countLook: ({ task, outcome }) => metrics.looks.inc({ task, outcome }),
      countEnd: ({ outcome, reason }) => metrics.attempts.inc({ outcome, reason }),
      log,
    },
  });
}

function treasuryOf(
  { quotas, namespace, settings, expectation }: Config,
  { client, clock, metrics }: OperatorParts,
  { queue, caches }: Wiring,
): Treasury {
  const ofNamespace = (name: string): readonly string[] => caches.batches.keys().filter((key) => partsOf(key).namespace === name);
  const watch = new QuotaWatch({
    registry: metrics.registry,
    clock,
    onCrossing: (name) => ofNamespace(name).forEach((key) => queue.add(key)),
  });
  const readFor = settings.timings.poll * 1000;
  return new Treasury({
    quotas,
    client,
    ledgers: new Ledgers({ client, clock, home: namespace, readFor, countWrite: watch.countWrite }),
    hasChangeset: (within, name) => caches.changesets.get(within, name) !== undefined,
    wake: (batch, afterMs) => queue.addAfter(batch, afterMs),
    look: watch.look,
    provenAfter: expectation,
  });
}
