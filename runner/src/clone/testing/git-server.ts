import { execFileSync, spawn } from "node:child_process";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

interface Seen {
  readonly path: string;
  readonly authorization: string | undefined;
}

export interface GitServer extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly seen: readonly Seen[];
}

export interface GitServerOptions {
  /** Folder of the repositories that are served. */
  readonly root: string;
  /** Token without which every repository below `/private` answers 401. */
  readonly token?: string;
  /** Where it listens; loopback without. */
  readonly address?: string;
  /** Answers in place of git: a status, a redirect, or nothing for ever. */
  readonly answer?: (path: string, request: IncomingMessage) => Answer | "silence" | undefined;
}

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

const backend = join(execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim(), "git-http-backend");

/** Git over smart HTTP as a host speaks it: git's own http-backend behind a login. */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    seen.push({ path, authorization: request.headers.authorization });
    const answer = options.answer?.(path, request) ?? challenge(path, request, options.token);
    if (answer === undefined) return serve(options.root, request, response);
    if (answer === "silence") return;
    response.writeHead(answer.status, answer.headers).end("no\n");
  });
  const { address = "127.0.0.1" } = options;
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const host = `${address}:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}`, host, seen, [Symbol.asyncDispose]: async () => await close(server) };
}

function challenge(path: string, request: IncomingMessage, token: string | undefined): Answer | undefined {
  if (!path.startsWith("/private")) return undefined;
  const wanted = `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
  if (request.headers.authorization === wanted) return undefined;
  return { status: 401, headers: { "www-authenticate": 'Basic realm="git"' } };
}

function serve(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://localhost");
  const env = {
    PATH: process.env["PATH"],
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: "1",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "safe.directory",
    GIT_CONFIG_VALUE_0: "*",
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: request.headers["content-type"],
    HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
    GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
  };
  const child = spawn(backend, { env, stdio: ["pipe", "pipe", "ignore"] });
  request.pipe(child.stdin);
  child.stdin.on("error", () => undefined);
  response.on("close", () => child.kill());
  let head = Buffer.alloc(0);
  child.stdout.on("data", function onData(chunk: Buffer) {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    child.stdout.off("data", onData);
    writeHead(response, head.toString("latin1", 0, end));
    response.write(head.subarray(end + 4));
    child.stdout.pipe(response);
  });
}

function writeHead(response: ServerResponse, head: string): void {
  const fields = head.split("\r\n").map((line) => line.split(": ", 2) as [string, string]);
  const status = fields.find(([name]) => name.toLowerCase() === "status")?.[1] ?? "200";
  response.writeHead(Number.parseInt(status, 10), Object.fromEntries(fields.filter(([name]) => name.toLowerCase() !== "status")));
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
