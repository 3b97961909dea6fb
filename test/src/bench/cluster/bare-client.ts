import { Agent } from "undici";
import type { Endpoint } from "../../../../operator/src/cluster/endpoint.ts";

/** The least that a Node program can do to write to an API server: a pool of HTTP/1.1 connections, no checks, no caches. */
export class BareClient {
  readonly #endpoint: Endpoint;
  readonly #agent: Agent;

  constructor(endpoint: Endpoint, connections: number) {
    this.#endpoint = endpoint;
    this.#agent = new Agent({ allowH2: false, connections, connect: { ...endpoint.tls } });
  }

  /** The text of the answer; a refusal is an error. */
  async send(method: "POST" | "PATCH", path: string, body: string): Promise<string> {
    const type = method === "POST" ? "application/json" : "application/merge-patch+json";
    const headers = { ...(await this.#endpoint.headers()), "content-type": type };
    const answer = await this.#agent.request({ origin: this.#endpoint.url.origin, method, path, headers, body });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return text;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}
