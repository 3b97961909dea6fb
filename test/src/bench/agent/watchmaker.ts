import { createServer, request as ask } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A way to the stand-in that measures how long its client takes between two requests. */
export interface Watchmaker extends AsyncDisposable {
  readonly url: string;
  /** Milliseconds from the last byte of each answer to the last byte of the request after it. */
  readonly between: readonly number[];
}

export async function startWatchmaker(target: string): Promise<Watchmaker> {
  const between: number[] = [];
  let answeredAt: number | undefined;
  const server = createServer((incoming, outgoing) => {
    incoming.on("end", () => {
      if (answeredAt !== undefined) between.push(performance.now() - answeredAt);
    });
    outgoing.on("finish", () => (answeredAt = performance.now()));
    pass(incoming, outgoing, target);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    between,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, target: string): void {
  const { method, headers, url } = incoming;
  const onward = ask(`${target}${url}`, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  incoming.pipe(onward);
}
