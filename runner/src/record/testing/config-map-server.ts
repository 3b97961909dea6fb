import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

export interface StoredObject {
  readonly metadata: {
    readonly name: string;
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
    readonly ownerReferences: readonly Record<string, unknown>[];
  };
  readonly data: Record<string, string>;
  readonly binaryData: Record<string, string>;
  readonly immutable?: boolean;
}

export interface Asked {
  readonly method: string;
  readonly name: string | undefined;
  readonly authorization: string | undefined;
}

/** What becomes of a request: a status, a dropped connection, or carried out and then dropped. */
export type Mishap = number | "drop" | "drop after" | undefined;

/** The part of the API server that the recorder talks to, with the limits that the real one has. */
export class ConfigMapServer {
  readonly objects = new Map<string, StoredObject>();
  readonly asked: Asked[] = [];
  mishap: (asked: Asked) => Mishap = () => undefined;
  #server: Server | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Comes back on the same port after {@link stop}. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#handle(request, response));
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => (this.#server === undefined ? resolve(undefined) : this.#server.close(resolve)));
    this.#server = undefined;
  }

  /** JSON of a key in `data`. */
  json(name: string, key: string): Record<string, unknown> | undefined {
    const text = this.objects.get(name)?.data[key];
    return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
  }

  gunzipped(name: string, key: string): Buffer {
    return gunzipSync(Buffer.from(this.objects.get(name)?.binaryData[key] ?? "", "base64"));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = /^\/api\/v1\/namespaces\/team-a\/configmaps(?:\/([a-z0-9.-]+))?$/.exec(request.url ?? "")?.[1];
    const asked = { method: request.method ?? "", name, authorization: request.headers.authorization };
    const text = Buffer.concat(await request.toArray()).toString("utf8");
    this.asked.push(asked);
    const mishap = this.mishap(asked);
    if (mishap === "drop") return void request.socket.destroy();
    if (typeof mishap === "number") return answer(response, mishap, { kind: "Status", reason: "Mishap", message: "as told" });
    const [status, body] = this.#carryOut(asked, text);
    if (mishap === "drop after") return void request.socket.destroy();
    answer(response, status, body);
  }

  #carryOut(asked: Asked, text: string): readonly [number, unknown] {
    if (asked.method === "GET") return this.#found(asked.name ?? "");
    const object = JSON.parse(text) as StoredObject;
    const { name } = object.metadata;
    const before = this.objects.get(name);
    if (storedBytes(object) > 1024 * 1024) return [422, { reason: "Invalid", message: "too long" }];
    if (asked.method === "POST" && before !== undefined) return [409, { reason: "AlreadyExists" }];
    if (asked.method === "PUT" && before === undefined) return [404, { reason: "NotFound" }];
    if (before?.immutable === true) return [422, { reason: "Invalid", message: "immutable" }];
    this.objects.set(name, object);
    return [asked.method === "POST" ? 201 : 200, object];
  }

  #found(name: string): readonly [number, unknown] {
    const object = this.objects.get(name);
    return object === undefined ? [404, { reason: "NotFound" }] : [200, object];
  }
}

function storedBytes({ data, binaryData }: StoredObject): number {
  const blobs = Object.values(binaryData).map((text) => Buffer.from(text, "base64").length);
  return [...Object.values(data).map((text) => Buffer.byteLength(text)), ...blobs].reduce((sum, bytes) => sum + bytes, 0);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
