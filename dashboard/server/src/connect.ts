import { createClient, openEndpoint, systemClock, Transport, type Log, type Metrics } from "@codybatch/operator";
import type { Config } from "./config.ts";
import type { DashboardParts } from "./dashboard.ts";

/** Opens the connection to the API server that the settings name. */
export async function connect(config: Config, log: Log, metrics: Metrics): Promise<DashboardParts> {
  const endpoint = await openEndpoint(config.server, systemClock);
  const transport = { endpoint, metrics, timeout: config.requestTimeout };
  const reviews = new Transport(transport);
  const client = createClient(transport);
  return {
    client: { ...client, close: () => Promise.all([client.close(), reviews.close()]).then(() => undefined) },
    ask: (path, body) => reviews.json({ method: "POST", path, body }),
    clock: systemClock,
    random: Math.random,
    log,
    metrics,
    version: process.env["CODYBATCH_VERSION"] ?? "development",
  };
}
