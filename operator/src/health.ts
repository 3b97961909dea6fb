import { once } from "node:events";
import { createServer } from "node:http";
import type { Server, ServerResponse } from "node:http";
import type { Registry } from "prom-client";
import type { Clock } from "./cluster/clock.ts";

/** What health looks at of a reflector. */
export interface WatchState {
  readonly name: string;
  readonly synced: boolean;
  /** What is not installed, so that it cannot be. */
  readonly missing?: string | undefined;
  /** By the clock's `now`. */
  readonly lastActivity: number;
}

export interface HealthOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly clock: Clock;
  readonly registry: Registry;
  /** Asked at each request; empty means that watching has not begun. */
  readonly watches: () => readonly WatchState[];
  /** What is not installed, so that the operator cannot become the leader. */
  readonly missing: () => string | undefined;
  /** Milliseconds without life after which a watch counts as dead. */
  readonly silenceLimit: number;
}

export interface HealthServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

interface Verdict {
  readonly ok: boolean;
  readonly text: string;
}

/** Fails when a watch has been silent too long: the fault of choice is a dead watch that looks alive. */
function liveness({ watches, clock, silenceLimit }: HealthOptions): Verdict {
  const silent = watches().flatMap(({ name, lastActivity }) => {
    const seconds = Math.round((clock.now() - lastActivity) / 1000);
    return seconds * 1000 > silenceLimit ? [`watch ${name}: nothing heard for ${seconds} s`] : [];
  });
  return silent.length === 0 ? { ok: true, text: "ok" } : { ok: false, text: silent.join("\n") };
}

/** True when every cache has its first whole list; a standby that waits for the Lease is ready too. */
function readiness({ watches, missing }: HealthOptions): Verdict {
  const all = watches();
  if (all.length === 0) return { ok: false, text: "watching has not begun" };
  const caches = all.flatMap((watch) => (watch.synced ? [] : [`cache ${watch.name}: ${watch.missing ?? "no list yet"}`]));
  const lease = missing();
  const empty = lease === undefined ? caches : [...caches, `Lease: ${lease}`];
  return empty.length === 0 ? { ok: true, text: "ok" } : { ok: false, text: empty.join("\n") };
}

/** Serves /healthz, /readyz and /metrics. */
export async function startHealthServer(options: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(request.url ?? "/", options, response).catch((error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.message : "failed");
    });
  });
  server.listen(options.port, options.host);
  await once(server, "listening");
  return { port: portOf(server), close: () => closed(server) };
}

async function answer(url: string, options: HealthOptions, response: ServerResponse): Promise<void> {
  const path = url.split("?")[0];
  if (path === "/healthz") say(response, liveness(options));
  else if (path === "/readyz") say(response, readiness(options));
  else if (path === "/metrics") {
    const text = await options.registry.metrics();
    response.writeHead(200, { "content-type": options.registry.contentType }).end(text);
  } else response.writeHead(404, { "content-type": "text/plain" }).end("known here: /healthz, /readyz, /metrics\n");
}

function say(response: ServerResponse, { ok, text }: Verdict): void {
  response.writeHead(ok ? 200 : 503, { "content-type": "text/plain" }).end(`${text}\n`);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
