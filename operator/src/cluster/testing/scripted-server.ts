import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { until } from "./until.ts";

/** One request that waits for the test's answer. */
export class Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse, body: string) {
    const url = new URL(request.url ?? "/", "http://server");
    this.method = request.method ?? "";
    this.path = url.pathname;
    this.query = Object.fromEntries(url.searchParams);
    this.headers = request.headers;
    this.body = body === "" ? undefined : JSON.parse(body);
    this.#response = response;
  }

  /** True until the connection is closed by either side. */
  get open(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  json(status: number, body: object, headers: Record<string, string> = {}): void {
    this.#response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  }

  list(resourceVersion: string, items: readonly object[], next = ""): void {
    this.json(200, { kind: "List", apiVersion: "v1", metadata: { resourceVersion, continue: next }, items });
  }

  refuse(code: number, reason: string, headers: Record<string, string> = {}): void {
    this.json(code, { kind: "Status", status: "Failure", code, reason, message: `${reason} it is` }, headers);
  }

  /** Starts a watch's answer: headers only. */
  begin(): void {
    this.#response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
  }

  send(type: string, object: object): void {
    this.write(`${JSON.stringify({ type, object })}\n`);
  }

  bookmark(resourceVersion: string): void {
    this.send("BOOKMARK", { kind: "ConfigMap", metadata: { resourceVersion } });
  }

  write(bytes: string | Uint8Array): void {
    this.#response.write(bytes);
  }

  end(): void {
    this.#response.end();
  }

  /** Breaks the connection off, as a crashed server or a firewall would (RST). */
  reset(): void {
    this.#response.socket?.resetAndDestroy();
  }
}

/** An API server whose every answer the test gives. Speaks real HTTP on a loopback port. */
export interface ScriptedServer {
  readonly url: string;
  /** All requests so far. */
  readonly requests: readonly Exchange[];
  /** The next request in the order of arrival; fails when none comes. */
  readonly next: () => Promise<Exchange>;
  readonly close: () => Promise<void>;
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  const requests: Exchange[] = [];
  let taken = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => requests.push(new Exchange(request, response, Buffer.concat(chunks).toString())));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    next: async () => {
      await until("another request", () => requests.length > taken);
      taken += 1;
      return requests[taken - 1]!;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A ConfigMap as the API server would send it. */
export function configMap(name: string, resourceVersion: number, more: { readonly uid?: string; readonly value?: string } = {}): object {
  const metadata = { name, namespace: "team-a", uid: more.uid ?? `uid-of-${name}`, resourceVersion: String(resourceVersion) };
  return { metadata: { ...metadata, creationTimestamp: "2026-01-01T00:00:00Z" }, data: { value: more.value ?? "" } };
}
