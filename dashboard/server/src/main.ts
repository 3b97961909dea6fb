import { addProcessMetrics, createLog, createMetrics, exit, exitFor } from "@codybatch/operator";
import { loadConfig, type Config } from "./config.ts";
import { connect } from "./connect.ts";
import { startDashboard } from "./dashboard.ts";

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
    return exitFor(error);
  }
}

process.exit(await main());
