import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";

/** An image registry in memory: as much of the OCI distribution protocol as a push needs. */
export interface Registry {
  /** `host:port`. */
  readonly host: string;
  /** The `name:tag` of each manifest that was pushed. */
  readonly pushed: readonly string[];
  readonly stop: () => Promise<void>;
}

/** Starts one on a free loopback port; a read-only one refuses every upload. */
export async function startRegistry({ readOnly = false }: { readonly readOnly?: boolean } = {}): Promise<Registry> {
  const store = new Store();
  const server = createServer((request, response) => {
    void answer(request, { store, readOnly }).then(([status, headers]) => response.writeHead(status, headers).end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const stop = async (): Promise<void> => {
    server.close().closeAllConnections();
    await once(server, "close");
  };
  return { host: `127.0.0.1:${port}`, pushed: store.pushed, stop };
}

class Store {
  readonly pushed: string[] = [];
  readonly blobs = new Map<string, number>();
  readonly uploads = new Map<string, Buffer>();
}

interface Site {
  readonly store: Store;
  readonly readOnly: boolean;
}

type Answer = readonly [status: number, headers?: Record<string, string>];

async function answer(request: IncomingMessage, { store, readOnly }: Site): Promise<Answer> {
  const { method = "GET", url = "" } = request;
  const { pathname, searchParams } = new URL(url, "http://registry");
  const [, name, kind, last] = /^\/v2\/(.+)\/(blobs\/uploads|blobs|manifests)\/(.*)$/.exec(pathname) ?? [];
  const body = await buffer(request);
  if (name === undefined || last === undefined) return [200];
  if (method === "HEAD" || method === "GET") return lookUp(store.blobs.get(last));
  if (readOnly) return [403];
  if (method === "POST") return [202, { location: `/v2/${name}/blobs/uploads/${randomUUID()}` }];
  if (kind !== "manifests") return upload(store, last, { path: pathname, body, digest: searchParams.get("digest") ?? undefined });
  store.pushed.push(`${name}:${last}`);
  return [201, { "docker-content-digest": digestOf(body) }];
}

function lookUp(size: number | undefined): Answer {
  return size === undefined ? [404] : [200, { "content-length": String(size) }];
}

interface Piece {
  readonly path: string;
  readonly body: Buffer;
  /** Comes with the last piece. */
  readonly digest: string | undefined;
}

function upload(store: Store, id: string, { path, body, digest }: Piece): Answer {
  const whole = Buffer.concat([store.uploads.get(id) ?? Buffer.alloc(0), body]);
  store.uploads.set(id, whole);
  if (digest === undefined) return [202, { location: path, range: `0-${whole.length - 1}` }];
  store.uploads.delete(id);
  if (digest !== digestOf(whole)) return [400];
  store.blobs.set(digest, whole.length);
  return [201, { "docker-content-digest": digest }];
}

function digestOf(body: Buffer): string {
  return `sha256:${createHash("sha256").update(body).digest("hex")}`;
}
