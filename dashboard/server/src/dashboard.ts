import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { startHealthServer, type Client, type Clock, type Log, type Metrics } from "@codybatch/operator";
import type { Ask } from "./access/review.ts";
import { openDoor } from "./access/door.ts";
import { Rights } from "./access/rights.ts";
import type { Config } from "./config.ts";
import { createApp } from "./http/app.ts";
import { createDashboardMetrics } from "./metrics.ts";
import { Shelf } from "./payload/shelf.ts";
import { LiveTranscripts } from "./stream/live.ts";
import { Streams } from "./stream/streams.ts";
import { Catalogue } from "./watch/catalogue.ts";

/** What comes from outside the settings: the connection, time and chance. */
export interface DashboardParts {
  readonly client: Client;
  /** Posts a review to the API server. */
  readonly ask: Ask;
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly version: string;
}

export interface Dashboard {
  readonly port: number;
  readonly metricsPort: number;
  /** True when everything was listed once. */
  readonly ready: () => boolean;
  /** Ends streams with a hint to come back, waits for answers that are under way, then ends watching. */
  readonly stop: () => Promise<void>;
}

/** How long answers that are under way may take when the server stops, in milliseconds. */
const stopWithin = 10_000;

/** Starts watching and serving; resolves as soon as it listens. Throws ConfigError for settings that lead nowhere. */
export async function startDashboard(config: Config, parts: DashboardParts): Promise<Dashboard> {
  const { client, ask, clock, log, metrics } = parts;
  const { times } = config;
  const catalogue = new Catalogue({ ...parts, namespaces: config.watchNamespaces, times: config.reflector, ping: times.ping });
  const rights = new Rights(ask, clock, times.rightsCache);
  const door = await openDoor({ auth: config.auth, ask, clock, tokenCache: times.tokenCache, session: times.session });
  const shelf = new Shelf({ client, claims: config.claims });
  const live = new LiveTranscripts({ client, shelf, clock, log, interval: times.live });
  const own = createDashboardMetrics(metrics.registry);
  const streamTimes = { heartbeat: times.heartbeat, coalesce: times.coalesce, recheck: times.rightsCache };
  const streams = new Streams({ catalogue, rights, door, live, clock, log, metrics: own, most: config.mostStreams, ...streamTimes });
  const context = { config, client, clock, log, catalogue, door, rights, shelf, streams, metrics: own, version: parts.version };
  const server = createServer(await createApp(context));
  const port = await listen(server, config.http.host, config.http.port);
  const health = await startHealthServer({
    host: config.http.host,
    port: config.http.metricsPort,
    clock,
    registry: metrics.registry,
    watches: () => catalogue.watches,
    missing: () => undefined,
    silenceLimit: config.reflector.silence * 6,
  });
  catalogue.start();
  const stop = async (): Promise<void> => {
    streams.close();
    await closed(server);
    await Promise.all([catalogue.stop(), health.close()]);
  };
  return { port, metricsPort: health.port, ready: () => catalogue.ready, stop };
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  // A header that comes byte by byte must not hold a connection for long.
  server.headersTimeout = 15_000;
  server.requestTimeout = 30_000;
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

async function closed(server: Server): Promise<void> {
  const late = setTimeout(() => server.closeAllConnections(), stopWithin);
  server.close();
  server.closeIdleConnections();
  await once(server, "close");
  clearTimeout(late);
}
