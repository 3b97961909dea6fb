import { randomUUID } from "node:crypto";
import { createClient } from "./cluster/client.ts";
import { systemClock } from "./cluster/clock.ts";
import { EndpointError, openEndpoint } from "./cluster/endpoint.ts";
import { ConfigError, loadConfig } from "./config.ts";
import type { Config } from "./config.ts";
import { createLog } from "./log.ts";
import type { Log } from "./log.ts";
import { addProcessMetrics, createMetrics } from "./metrics.ts";
import { startOperator } from "./operator.ts";

/** 0: asked to stop. 1: the Lease was lost or something failed that a restart may mend. 2: the settings are wrong. */
const exit = { stopped: 0, failed: 1, misconfigured: 2 } as const;

/** The longest that a graceful stop may take, in milliseconds: below Kubernetes' usual grace of 30 s. */
const stopWithin = 25_000;

async function run(config: Config, log: Log): Promise<number> {
  const ended = Promise.withResolvers<number>();
  const stopSignal = new AbortController();
  const fail = (error: unknown): void => {
    log.fatal({ err: error }, "ending: the operator cannot go on");
    ended.resolve(exit.failed);
  };
  const stop = (signal: string): void => {
    log.info({ signal }, "stopping");
    stopSignal.abort();
    ended.resolve(exit.stopped);
  };
  process.once("SIGTERM", stop).once("SIGINT", stop).on("unhandledRejection", fail).on("uncaughtException", fail);
  const metrics = createMetrics();
  addProcessMetrics(metrics);
  const clock = systemClock;
  const endpoint = await openEndpoint(config.server, clock);
  const client = createClient({ endpoint, metrics, ...config.requests });
  const parts = {
    client,
    metrics,
    clock,
    random: Math.random,
    identity: `${config.podName}_${randomUUID()}`,
    signal: stopSignal.signal,
    fail,
  };
  const operator = await startOperator(config, log, parts);
  const code = await ended.promise;
  setTimeout(() => process.exit(code), stopWithin).unref();
  await operator.stop();
  await client.close();
  return code;
}

async function main(): Promise<number> {
  try {
    const config = loadConfig();
    const log = createLog(config.logLevel);
    log.info({ server: config.server, namespace: config.namespace }, "starting the operator");
    return await run(config, log);
  } catch (error) {
    const isSetting = error instanceof ConfigError || error instanceof EndpointError;
    console.error(isSetting ? `The settings are wrong:\n${error.message}` : error);
    return isSetting ? exit.misconfigured : exit.failed;
  }
}

process.exit(await main());
