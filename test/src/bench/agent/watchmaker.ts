import { createServer, request as ask } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it passed. */
export interface Passed {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds from the last byte of the answer before it to its own last byte; undefined for the first. */
  readonly afterMs: number | undefined;
}

/** A way to the stand-in that measures how long its client takes between two requests. */
export interface Watchmaker extends AsyncDisposable {
  readonly url: string;
  readonly passed: readonly Passed[];
}

/** Of one connection, not of a request; whoever sends it anew makes them anew. */
const ofConnection: readonly string[] = ["connection", "content-length", "host", "keep-alive", "transfer-encoding"];

export async function startWatchmaker(target: string): Promise<Watchmaker> {
  const passed: Passed[] = [];
  let answeredAt: number | undefined;
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const afterMs = answeredAt === undefined ? undefined : performance.now() - answeredAt;
      passed.push({ path: incoming.url ?? "", headers: headersOf(incoming), body: Buffer.concat(chunks).toString(), afterMs });
    });
    outgoing.on("finish", () => (answeredAt = performance.now()));
    pass(incoming, outgoing, target);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function headersOf({ headers }: IncomingMessage): Passed["headers"] {
  const kept = Object.entries(headers).filter(([name]) => !ofConnection.includes(name));
  return Object.fromEntries(kept.map(([name, value = ""]) => [name, String(value)]));
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, target: string): void {
  const { method, headers, url } = incoming;
  const onward = ask(`${target}${url}`, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  incoming.pipe(onward);
}
