import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { Api } from "./api.ts";
import { timestamp } from "./api.ts";
import { Handler } from "./http/handler.ts";
import type { FaultSource } from "./http/fault.ts";
import { builtins } from "./kinds/builtin.ts";
import { customs } from "./kinds/custom.ts";
import { Registry } from "./kinds/registry.ts";
import { memoryJournal } from "./store/journal.ts";
import type { Journal } from "./store/journal.ts";
import type { HistoryLimits } from "./store/history.ts";
import { Store } from "./store/store.ts";
import { Hub } from "./watch/hub.ts";

/** The part of a logger that the server uses. */
export interface ServerLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ServerOptions {
  /** Folder of the journal, made with mode 0700. Without it objects live as long as the process. */
  readonly dir?: string;
  /** 0, the default, takes any free port of the loopback interface. */
  readonly port?: number;
  readonly log?: ServerLog;
  /** Milliseconds between bookmarks of a watch that asks for them; default 60,000. */
  readonly bookmarkInterval?: number;
  /** Milliseconds until a watch without timeoutSeconds ends; default 30 minutes. */
  readonly watchTimeout?: number;
  /** How far back a watch may begin; default 20,000 changes and 64 MiB. */
  readonly history?: HistoryLimits;
  readonly clock?: () => Date;
  /** Test seam: what goes wrong with a request. */
  readonly onRequest?: FaultSource;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Ends watches with a bookmark, waits for the journal, and frees the port. */
  close(): Promise<void>;
}

const quiet: ServerLog = { info: () => undefined, error: () => undefined };
const defaultHistory: HistoryLimits = { changes: 20_000, bytes: 64 * 1024 * 1024 };
/** Milliseconds that open connections have for their last lines. */
const closeGrace = 500;
const firstNamespaces = ["default", "codybatch-system"];

/** Starts the embedded API server on 127.0.0.1. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const log = options.log ?? quiet;
  const journal = memoryJournal;
  const store = new Store({ history: options.history ?? defaultHistory, journal });
  const api = apiOf(store, options);
  makeNamespaces(api);
  const handler = new Handler({
    api,
    hub: new Hub(store),
    timings: { bookmarkInterval: options.bookmarkInterval ?? 60_000, watchTimeout: options.watchTimeout ?? 30 * 60_000 },
    faults: options.onRequest ?? (() => undefined),
    onError: (error, path) => log.error({ err: error, path }, "request failed"),
  });
  const server = createServer((request, response) => void handler.handle(request, response));
  const port = await listen(server, options.port ?? 0);
  log.info({ port }, "embedded API server listens");
  return { url: `http://127.0.0.1:${port}`, port, close: () => close(server, handler, journal) };
}

function apiOf(store: Store, options: ServerOptions): Api {
  return {
    registry: new Registry([...builtins, ...customs]),
    store,
    clock: options.clock ?? (() => new Date()),
    makeUID: randomUUID,
    makeSuffix: randomSuffix,
  };
}

/** Five characters without vowels, as the API server makes them. */
function randomSuffix(): string {
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

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

async function close(server: Server, handler: Handler, journal: Journal): Promise<void> {
  handler.close();
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  const lingering = setTimeout(() => server.closeAllConnections(), closeGrace);
  await closed;
  clearTimeout(lingering);
  await journal.close();
}
