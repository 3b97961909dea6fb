import { createClient, createMetrics, openEndpoint, systemClock } from "@codybatch/operator";
import type { Client } from "@codybatch/operator";

/** How many requests are under way at once wherever many are sent. */
export const inFlightMost = 20;

/** The operator's own client, which is the fastest that Node has: HTTP/1.1 over a pool of connections. */
export async function openClient(url: string): Promise<Client> {
  const endpoint = await openEndpoint({ kind: "url", url }, systemClock);
  return createClient({ endpoint, metrics: createMetrics(), connections: inFlightMost, timeout: 60_000 });
}
