import type { Log } from "../log.ts";
import { Backoff } from "./backoff.ts";
import type { Client } from "./client.ts";
import { sleep } from "./clock.ts";
import type { Clock } from "./clock.ts";

export interface ReachableOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Waits until the API server answers, however long that takes; says so at each failure. Ends early when the signal aborts. */
export async function waitForServer({ client, clock, random, log, signal }: ReachableOptions): Promise<void> {
  const backoff = new Backoff(random, 1000, 15_000);
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      await client.ping();
      if (attempt > 1) log.info({ attempt }, "the API server answers");
      return;
    } catch (error) {
      const waitMs = Math.round(backoff.next());
      log.warn({ err: error, attempt, waitMs }, "the API server does not answer; trying again");
      await sleep(clock, waitMs, signal);
    }
  }
}
