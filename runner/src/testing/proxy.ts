import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Server, type Socket } from "node:net";
import { createServer as createTLSServer, type TlsOptions } from "node:tls";

export interface Proxy extends AsyncDisposable {
  readonly url: string;
  /** Such as `CONNECT git.example:443` or `GET http://git.example/acme/api`. */
  readonly seen: readonly string[];
}

/** A forward proxy that alone knows where some names are: `host:port` on this machine's loopback. It refuses every other. */
export async function startProxy(ports: Readonly<Record<string, number>>): Promise<Proxy> {
  const seen: string[] = [];
  const server = createServer((incoming, response) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    forward(incoming, response, ports);
  });
  server.on("connect", (incoming: IncomingMessage, socket: Socket) => {
    seen.push(`CONNECT ${incoming.url}`);
    const port = ports[incoming.url ?? ""];
    if (port === undefined) return socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    join(socket, connect(port, "127.0.0.1"));
  });
  const port = await listening(server);
  return { url: `http://127.0.0.1:${port}`, seen, [Symbol.asyncDispose]: () => closed(server) };
}

function forward(incoming: IncomingMessage, response: ServerResponse, ports: Readonly<Record<string, number>>): void {
  const url = new URL(incoming.url ?? "");
  const port = ports[`${url.hostname}:${url.port === "" ? "80" : url.port}`];
  if (port === undefined) return void response.writeHead(502).end();
  const { method, headers } = incoming;
  const onward = request({ host: "127.0.0.1", port, method, headers, path: `${url.pathname}${url.search}` }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  incoming.pipe(onward);
}

/** TLS in front of a server that speaks plain HTTP. */
export async function startTLS(port: number, certificate: TlsOptions): Promise<{ readonly port: number } & AsyncDisposable> {
  const server = createTLSServer(certificate, (socket) => join(socket, connect(port, "127.0.0.1")));
  server.on("tlsClientError", () => undefined);
  return { port: await listening(server), [Symbol.asyncDispose]: () => closed(server) };
}

function join(one: Socket, other: Socket): void {
  one.on("error", () => other.destroy());
  other.on("error", () => one.destroy());
  one.pipe(other).pipe(one);
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
  server.close();
}
