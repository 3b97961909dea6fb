import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createServer as createHTTPServer, request, type ClientRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { LeaseServer } from "./cluster/testing/lease-server.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
let child: ChildProcess | undefined;
let output: string;

afterEach(() => void child?.kill("SIGKILL"));

function start(env: Readonly<Record<string, string>>): ChildProcess {
  output = "";
  child = spawn(process.execPath, [main], { env: { PATH: process.env["PATH"], ...env } });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text: Buffer) => void (output += text.toString()));
  return child;
}

async function exitCode(process: ChildProcess): Promise<number | null> {
  if (process.exitCode === null) await once(process, "close");
  return process.exitCode;
}

async function printed(text: string): Promise<void> {
  while (!output.includes(text)) {
    if (child?.exitCode !== null) throw new Error(`ended without saying ${JSON.stringify(text)}: ${output}`);
    await Promise.race([once(child.stdout!, "data"), once(child, "close")]);
  }
}

/** A port at which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

interface Prepared {
  readonly crds: boolean;
  readonly rights: boolean;
  readonly leases: boolean;
}

interface Script {
  readonly batches?: readonly object[];
  /** What is not about the Lease is answered only then. */
  readonly held?: (request: IncomingMessage) => Promise<unknown> | undefined;
}

type BareServer = { readonly url: string; readonly leases: LeaseServer } & AsyncDisposable;

/** An API server without objects but the script's, that refuses what is not prepared yet. */
async function startBareServer(prepared: Prepared, { batches = [], held = () => undefined }: Script = {}): Promise<BareServer> {
  const leases = new LeaseServer();
  const door = await leases.open();
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://server");
    const refuse = (code: number): void => void response.writeHead(code).end(JSON.stringify({ message: "no", reason: "no" }));
    const isKnown = pathname.includes("/codybatch.dev/") ? prepared.crds : prepared.rights;
    if (pathname.includes("/leases") && prepared.leases) return void incoming.pipe(passOn(door.url, incoming, response));
    if (!isKnown) return refuse(pathname.includes("/codybatch.dev/") ? 404 : 403);
    await held(incoming);
    if (incoming.method !== "GET") return refuse(500);
    response.writeHead(200, { "content-type": "application/json" });
    if (searchParams.has("watch")) return response.flushHeaders();
    const items = pathname.endsWith("/batchchanges") ? batches : [];
    response.end(JSON.stringify({ items, metadata: { resourceVersion: "1" } }));
  };
  const server = createHTTPServer((incoming, response) => void answer(incoming, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
    await leases.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, leases, [Symbol.asyncDispose]: stop };
}

function passOn(door: string, { url, method, headers }: IncomingMessage, response: ServerResponse): ClientRequest {
  return request(new URL(url ?? "/", door), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
}

/** Asks again and again until it holds; fails after half a minute. */
async function eventually(holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${output}`);
    await pause(20);
  }
}

const installed = { crds: true, rights: true, leases: true };
const quickLease = { CODYBATCH_LEASE_SECONDS: "3", CODYBATCH_LEASE_RENEW_SECONDS: "2", CODYBATCH_LEASE_RETRY_SECONDS: "0.2" };
const batch = {
  metadata: {
    name: "node-24",
    namespace: "team-a",
    uid: "u",
    resourceVersion: "1",
    generation: 1,
    creationTimestamp: "2026-03-02T09:00:00Z",
  },
  spec: { prompt: "Move to Node 24.", repositories: [{ url: "https://github.com/acme/api" }] },
};
/** When the Lease was last renewed, in milliseconds; NaN before it is taken. */
const renewedAt = ({ lease }: LeaseServer): number => Date.parse(String(lease?.spec["renewTime"]));

describe("the operator's process", () => {
  it.each([
    ["settings are missing", {}, "no API server: set KUBECONFIG"],
    [
      "a setting is wrong",
      { CODYBATCH_API_URL: "http://127.0.0.1:1", CODYBATCH_HTTP_PORT: "x" },
      "CODYBATCH_HTTP_PORT: must be a whole number",
    ],
    ["the kubeconfig is missing", { KUBECONFIG: "/nowhere/config" }, "cannot use the kubeconfig /nowhere/config: ENOENT"],
  ])("ends with 2 and says what to do when %s", async (_, env, words) => {
    expect(await exitCode(start(env))).toBe(2);
    expect(output).toContain(words);
  });

  it("says what an administrator has not installed yet, does not end, and works as soon as it is there", async () => {
    const prepared = { crds: false, rights: false, leases: false };
    await using api = await startBareServer(prepared);
    const port = await freePort();
    const operator = start({ CODYBATCH_API_URL: api.url, CODYBATCH_HTTP_PORT: String(port), CODYBATCH_WATCH_NAMESPACES: "team-a" });
    const ready = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/readyz`)).text();
    await printed("cannot list; trying again");
    await eventually(async () => (await ready()).includes("no right to keep leases.coordination.k8s.io in namespace codybatch-system"));
    await eventually(async () => /cache batchchanges in team-a: the CRDs are not installed, .* an administrator/.test(await ready()));
    await eventually(async () => /cache jobs in team-a: the operator has no right to list jobs.batch/.test(await ready()));
    expect(output).toContain('"missing":"the CRDs are not installed, ');
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    Object.assign(prepared, { crds: true, rights: true, leases: true });
    await printed("the operator works");
    expect(await ready()).toBe("ok\n");
    operator.kill("SIGTERM");
    expect(await exitCode(operator)).toBe(0);
  });

  it("renews its Lease while every other connection hangs", async () => {
    const held = ({ url }: IncomingMessage) => (url === "/version" ? undefined : new Promise(() => undefined));
    await using api = await startBareServer(installed, { held });
    const operator = start({ CODYBATCH_API_URL: api.url, CODYBATCH_HTTP_PORT: "0", CODYBATCH_REQUESTS: "2", ...quickLease });
    await printed("holding the Lease");
    const takenAt = Date.parse(String(api.leases.lease?.spec["acquireTime"]));
    await eventually(() => renewedAt(api.leases) > takenAt + 4000);
    operator.kill("SIGTERM");
    expect(await exitCode(operator)).toBe(0);
  });

  it("keeps its Lease, and renews it, until the writes that are under way when it is asked to stop have ended", async () => {
    const [reached, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const held = ({ method }: IncomingMessage) => (method === "GET" ? undefined : (reached.resolve(), ended.promise));
    await using api = await startBareServer(installed, { batches: [batch], held });
    const unsafe = { CODYBATCH_UNSAFE_WITHOUT_ADMISSION_POLICY: "true" };
    const operator = start({ CODYBATCH_API_URL: api.url, CODYBATCH_HTTP_PORT: "0", ...unsafe, ...quickLease });
    await reached.promise;
    operator.kill("SIGTERM");
    await printed('"signal":"SIGTERM"');
    const stoppedAt = renewedAt(api.leases);
    await eventually(() => api.leases.lease?.spec["holderIdentity"] === "" || renewedAt(api.leases) > stoppedAt + 500);
    expect(api.leases.lease?.spec["holderIdentity"]).toMatch(/^operator_/);
    ended.resolve();
    expect(await exitCode(operator)).toBe(0);
    expect(api.leases.lease?.spec["holderIdentity"]).toBe("");
  });

  it("waits for an API server that does not answer, says so, and ends with 0 when asked to stop", async () => {
    const operator = start({ CODYBATCH_API_URL: `http://127.0.0.1:${await freePort()}`, CODYBATCH_HTTP_PORT: "0" });
    await printed('"attempt":2');
    expect(output).toContain("the API server does not answer; trying again");
    operator.kill("SIGTERM");
    expect(await exitCode(operator)).toBe(0);
    expect(output).toContain('"signal":"SIGTERM"');
  });
});
