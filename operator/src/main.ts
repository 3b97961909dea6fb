import { randomUUID } from "node:crypto";
import { createClient } from "./cluster/client.ts";
import { systemClock } from "./cluster/clock.ts";
import { openEndpoint } from "./cluster/endpoint.ts";
import { leaseRequests, loadConfig } from "./config.ts";
import type { Config } from "./config.ts";
import { Rest } from "./control/rest.ts";
import { exit, exitFor } from "./exit.ts";
import { createLog } from "./log.ts";
import type { Log } from "./log.ts";
import { addProcessMetrics, createMetrics } from "./metrics.ts";
import { startOperator } from "./operator.ts";

/** The longest a graceful stop may take, in milliseconds: below Kubernetes' usual grace of 30 s. */
const stopWithin = 25_000;

async function run(config: Config, log: Log): Promise<void> {
  const stopping = Promise.withResolvers<void>();
  const stopSignal = new AbortController();
  // At once: without the Lease another operator may act already, and what is under way here must not go on.
  function fail(error: unknown): void {
    log.fatal({ err: error }, "ending: the operator cannot go on");
    process.exit(exit.failed);
  }
  function stop(signal: string): void {
    log.info({ signal }, "stopping");
    stopSignal.abort();
    stopping.resolve();
  }
  process.once("SIGTERM", stop).once("SIGINT", stop).on("unhandledRejection", fail).on("uncaughtException", fail);
  const metrics = createMetrics();
  addProcessMetrics(metrics);
  const endpoint = await openEndpoint(config.server, systemClock);
  const rest = new Rest(systemClock, log);
  const connection = { endpoint, metrics, onThrottled: rest.ask };
  const client = createClient({ ...connection, ...config.requests });
  const leaseClient = createClient({ ...connection, ...leaseRequests(config) });
  const identity = `${config.podName}_${randomUUID()}`;
  const parts = { client, leaseClient, rest, metrics, identity, clock: systemClock, random: Math.random };
  const operator = await startOperator(config, log, { ...parts, signal: stopSignal.signal, fail });
  await stopping.promise;
  setTimeout(() => process.exit(exit.failed), stopWithin).unref();
  await operator.stop();
  await Promise.all([client.close(), leaseClient.close()]);
}

async function main(): Promise<number> {
  try {
    const config = loadConfig();
    const log = createLog(config.logLevel);
    log.info({ server: config.server, namespace: config.namespace }, "starting the operator");
    await run(config, log);
    return exit.stopped;
  } catch (error) {
    return exitFor(error);
  }
}

process.exit(await main());
