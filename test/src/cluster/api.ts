import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { Agent as PlainAgent, request as plainRequest } from "node:http";
import type { IncomingMessage, RequestOptions } from "node:http";
import { text } from "node:stream/consumers";
import { parse } from "yaml";
import { z } from "zod";

/** What an API server answered: an object or a Status. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The plainest HTTP client of an API server, real or embedded. */
export interface Api {
  call(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>;
  /** The object that a request gives; a refusal is an error. */
  must(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer["body"]>;
  close(): void;
}

const Kubeconfig = z.object({
  clusters: z.tuple([z.object({ cluster: z.object({ server: z.url(), "certificate-authority-data": z.base64() }) })]),
  users: z.tuple([z.object({ user: z.object({ "client-certificate-data": z.base64(), "client-key-data": z.base64() }) })]),
});
const Body = z.record(z.string(), z.unknown());

/** Opens the server of a kubeconfig that holds a client certificate, as `cluster.sh` writes it. */
export async function openApi(kubeconfig: string): Promise<Api> {
  const { clusters, users } = Kubeconfig.parse(parse(await readFile(kubeconfig, "utf8")));
  const [{ cluster }] = clusters;
  const [{ user }] = users;
  const agent = new Agent({
    keepAlive: true,
    ca: decoded(cluster["certificate-authority-data"]),
    cert: decoded(user["client-certificate-data"]),
    key: decoded(user["client-key-data"]),
  });
  return apiOf(cluster.server, agent);
}

/** Opens a server that asks for no credentials. */
export function openPlainApi(url: string): Api {
  return apiOf(url, new PlainAgent({ keepAlive: true }));
}

function apiOf(url: string, agent: PlainAgent): Api {
  const call: Api["call"] = async (method, path, body, contentType = "application/json") => {
    const headers = body === undefined ? {} : { "content-type": contentType };
    const response = await send(new URL(path, url), { method, agent, headers }, body);
    return { status: response.statusCode ?? 0, body: Body.parse(JSON.parse(await text(response))) };
  };
  return {
    call,
    must: async (...request) => {
      const { status, body } = await call(...request);
      if (status >= 300) throw new Error(`${request[0]} ${request[1]}: ${status} ${String(body["message"])}`);
      return body;
    },
    close: () => agent.destroy(),
  };
}

function send(url: URL, options: RequestOptions, body: unknown): Promise<IncomingMessage> {
  const open = url.protocol === "https:" ? request : plainRequest;
  return new Promise((resolve, reject) => {
    open(url, options, resolve)
      .once("error", reject)
      .end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function decoded(base64: string): Buffer {
  return Buffer.from(base64, "base64");
}
