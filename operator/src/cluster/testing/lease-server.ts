import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface StoredLease {
  readonly metadata: Record<string, unknown>;
  readonly spec: Record<string, unknown>;
}

/** Keeps one Lease over HTTP as an API server would: create once, merge patch with a check of the resourceVersion. */
export class LeaseServer {
  lease: StoredLease | undefined;
  /** Doors whose requests get no answer. */
  readonly hung = new Set<number>();
  #version = 0;
  #clients = 0;
  readonly #servers: ReturnType<typeof createServer>[] = [];

  /** A door of its own for each client, so that a single one can be cut off. Gives its URL and its number. */
  async open(): Promise<{ readonly url: string; readonly door: number }> {
    const door = (this.#clients += 1);
    const server = createServer((request, response) => void this.#answer(door, request, response));
    this.#servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, door };
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    }
  }

  async #answer(door: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (this.hung.has(door)) return;
    const [status, body] = this.#decide(request.method ?? "", Buffer.concat(chunks).toString());
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }

  #decide(method: string, text: string): [number, object] {
    if (method === "GET") return this.lease === undefined ? [404, { reason: "NotFound" }] : [200, this.lease];
    const body = JSON.parse(text) as StoredLease;
    if (method === "POST" && this.lease !== undefined) return [409, { reason: "AlreadyExists" }];
    const current = this.lease;
    if (method === "PATCH" && body.metadata["resourceVersion"] !== current?.metadata["resourceVersion"])
      return [409, { reason: "Conflict" }];
    this.#version += 1;
    const metadata = { uid: "u", creationTimestamp: "2026-01-01T00:00:00Z", ...current?.metadata, ...body.metadata };
    this.lease = { metadata: { ...metadata, resourceVersion: String(this.#version) }, spec: { ...current?.spec, ...body.spec } };
    return [200, this.lease];
  }
}
