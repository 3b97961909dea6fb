import { addProcessMetrics, ConfigError, createLog, createMetrics, EndpointError } from "@codybatch/operator";
import { loadConfig, type Config } from "./config.ts";
import { connect } from "./connect.ts";
import { startDashboard } from "./dashboard.ts";

/** 0: asked to stop. 1: something failed that a restart may mend. 2: the settings are wrong. */
const exit = { stopped: 0, failed: 1, misconfigured: 2 } as const;
const stopWithin = 25_000;

async function run(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  const stopping = Promise.withResolvers<string>();
  process.once("SIGTERM", stopping.resolve).once("SIGINT", stopping.resolve);
  const metrics = createMetrics();
  addProcessMetrics(metrics);
  const parts = await connect(config, log, metrics);
  const dashboard = await startDashboard(config, parts);
  const { host } = config.http;
  log.info({ host, port: dashboard.port, metricsPort: dashboard.metricsPort, auth: config.auth.mode }, "the dashboard listens");
  const signal = await stopping.promise;
  log.info({ signal }, "stopping");
  setTimeout(() => process.exit(exit.failed), stopWithin).unref();
  await dashboard.stop();
  await parts.client.close();
}

async function main(): Promise<number> {
  try {
    await run(loadConfig());
    return exit.stopped;
  } catch (error) {
    const isSetting = error instanceof ConfigError || error instanceof EndpointError;
    console.error(isSetting ? `The settings are wrong:\n${error.message}` : error);
    return isSetting ? exit.misconfigured : exit.failed;
  }
}

process.exit(await main());
