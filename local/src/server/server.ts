import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { Api } from "./api.ts";
import { timestamp } from "./api.ts";
import { keepDefaultAccounts } from "./collector/accounts.ts";
import { expireEvents } from "./collector/expiry.ts";
import { Collector } from "./collector/collector.ts";
import { Handler } from "./http/handler.ts";
import { builtins } from "./kinds/builtin.ts";
import { customs } from "./kinds/custom.ts";
import { Registry } from "./kinds/registry.ts";
import { defaults } from "./options.ts";
import type { RunningServer, ServerOptions } from "./options.ts";
import { tokenResource } from "./review/token.ts";
import { openFolder } from "./store/folder.ts";
import type { OpenFolder } from "./store/folder.ts";
import { Store } from "./store/store.ts";
import { Hub } from "./watch/hub.ts";
import { listen } from "../loopback/listen.ts";

type Settings = Required<Omit<ServerOptions, "dir">> & Pick<ServerOptions, "dir">;

const firstNamespaces = ["default", "codybatch-system"];
const longestExpiryPause = 60_000;
/** Milliseconds that an idle connection stays open, as long as the API server's: a client must not meet a close with a request. */
const keepAliveTimeout = 3 * 60_000;
/** Milliseconds that open connections have for their last lines. */
const closeGrace = 500;

/** Starts the embedded API server on 127.0.0.1. Throws FolderInUseError or JournalError when the folder cannot be used. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const settings: Settings = { ...defaults, ...options };
  const { log } = settings;
  const store = new Store(settings.history);
  const registry = new Registry([...builtins, ...customs], [tokenResource]);
  const folder = await folderOf(store, registry, settings);
  const api: Api = { registry, store, users: settings.users, clock: settings.clock, makeUID: randomUUID, makeSuffix };
  const collector = populate(api, (error) => log.error({ err: error }, "collection of garbage failed"));
  const handler = new Handler({
    api,
    hub: new Hub(store),
    timings: settings,
    faults: settings.onRequest,
    onError: (error, path) => log.error({ err: error, path }, "request failed"),
  });
  const expiry = setInterval(() => expireEvents(api, settings.eventTimeToLive), Math.min(settings.eventTimeToLive, longestExpiryPause));
  const server = createServer({ keepAliveTimeout }, (request, response) => void handler.handle(request, response));
  const port = await listen(server, settings.port);
  log.info({ port, droppedBytes: folder?.droppedBytes ?? 0, resourceVersion: store.version }, "embedded API server listens");
  return { url: `http://127.0.0.1:${port}`, port, close: () => close(server, handler, { collector, folder, expiry }) };
}

async function folderOf(store: Store, registry: Registry, settings: Settings): Promise<OpenFolder | undefined> {
  const { dir, compactAbove, log, onFailure } = settings;
  if (dir === undefined) return undefined;
  return openFolder(store, {
    dir,
    compactAbove,
    find: (storage) => registry.stored(storage),
    onFailure: (error) => {
      log.error({ err: error }, "the journal is broken");
      onFailure(error);
    },
  });
}

/** What a cluster's controllers do from the beginning. */
function populate(api: Api, onError: (error: unknown) => void): Collector {
  makeNamespaces(api);
  keepDefaultAccounts(api);
  const collector = new Collector(api, onError);
  collector.start();
  return collector;
}

/** Five characters without vowels, as the API server makes them. */
function makeSuffix(): string {
  const letters = "bcdfghjklmnpqrstvwxz2456789";
  return [...randomBytes(5)].map((byte) => letters[byte % letters.length]).join("");
}

function makeNamespaces(api: Api): void {
  const resource = api.registry.stored("namespaces");
  if (resource === undefined) return;
  for (const name of firstNamespaces) {
    if (api.store.get("namespaces", "", name) !== undefined) continue;
    const metadata = { name, uid: api.makeUID(), resourceVersion: "", creationTimestamp: timestamp(api.clock()) };
    const object = { apiVersion: "v1", kind: "Namespace", metadata };
    api.store.put(resource, resource.rules.prepare?.(object) ?? object);
  }
}

interface Parts {
  readonly collector: Collector;
  readonly folder: OpenFolder | undefined;
  readonly expiry: NodeJS.Timeout;
}

async function close(server: Server, handler: Handler, { collector, folder, expiry }: Parts): Promise<void> {
  clearInterval(expiry);
  collector.stop();
  handler.close();
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  const lingering = setTimeout(() => server.closeAllConnections(), closeGrace);
  await closed;
  clearTimeout(lingering);
  await folder?.close();
}
