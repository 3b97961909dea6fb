import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLog } from "../log.ts";
import { createMetrics } from "../metrics.ts";
import type { Metrics } from "../metrics.ts";
import { createClient } from "./client.ts";
import type { Client } from "./client.ts";
import { openEndpoint } from "./endpoint.ts";
import { Lease } from "./lease.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { LeaseServer } from "./testing/lease-server.ts";
import { settle, until } from "./testing/until.ts";

interface Candidate {
  readonly lease: Lease;
  readonly clock: FakeClock;
  readonly client: Client;
  readonly metrics: Metrics;
  readonly door: number;
  /** How often it was told that the Lease is lost. */
  lost: number;
}

let server: LeaseServer;
let candidates: Candidate[];

beforeEach(() => {
  server = new LeaseServer();
  candidates = [];
});

afterEach(async () => {
  server.hung.clear();
  for (const { lease, client } of candidates) {
    await lease.release();
    await client.close();
  }
  await server.close();
});

async function candidate(identity: string, skew = 0): Promise<Candidate> {
  const { url, door } = await server.open();
  const [clock, metrics] = [new FakeClock(Date.UTC(2026, 0, 1) + skew), createMetrics()];
  const client = createClient({ endpoint: await openEndpoint({ kind: "url", url }, clock), metrics });
  const options = { client, clock, metrics, namespace: "n", name: "operator", identity, random: () => 0, log: createLog("silent") };
  const made: Candidate = { lease: new Lease({ ...options, onLost: () => void (made.lost += 1) }), clock, client, metrics, door, lost: 0 };
  candidates.push(made);
  return made;
}

/** Moves all clocks on by so many seconds, in the retry period's steps, letting requests come through. */
async function pass(seconds: number): Promise<void> {
  for (let done = 0; done < seconds; done += 1) {
    for (const { clock } of candidates) clock.advance(1000);
    await settle(40);
  }
}

const holder = (): unknown => server.lease?.spec["holderIdentity"];

describe("one leader at a time", () => {
  it("takes a Lease that does not exist yet, in the form that the API server demands", async () => {
    const a = await candidate("a");
    expect(await a.lease.acquire()).toBe(true);
    expect(server.lease?.spec).toEqual({
      holderIdentity: "a",
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
      acquireTime: "2026-01-01T00:00:00.000000Z",
      renewTime: "2026-01-01T00:00:00.000000Z",
    });
    expect(await a.metrics.registry.metrics()).toContain('leader_election_master_status{name="operator"} 1');
  });

  it.each([
    ["the same date", 0],
    ["a date an hour ahead", 3_600_000],
    ["a date an hour behind", -3_600_000],
  ])("waits while another with %s renews, and takes over 15 seconds after its last sign of life", async (_, skew) => {
    const [a, b] = [await candidate("a", skew), await candidate("b")];
    await a.lease.acquire();
    const waiting = b.lease.acquire();
    await pass(60);
    expect([a.lease.isLeader, b.lease.isLeader, holder()]).toEqual([true, false, "a"]);
    server.hung.add(a.door);
    await pass(11);
    expect([a.lease.isLeader, a.lost, b.lease.isLeader]).toEqual([false, 1, false]);
    await pass(8);
    expect(await waiting).toBe(true);
    expect(holder()).toBe("b");
    expect(server.lease?.spec["leaseTransitions"]).toBe(1);
  });

  it("gives up by itself before another may take over, when its request hangs", async () => {
    const a = await candidate("a");
    await a.lease.acquire();
    await pass(4);
    server.hung.add(a.door);
    await pass(9);
    expect(a.lost).toBe(0);
    await pass(2);
    expect(a.lost).toBe(1);
    expect(await a.metrics.registry.metrics()).toContain('leader_election_master_status{name="operator"} 0');
  });

  it("outlives requests that hang for less than half the deadline", async () => {
    const a = await candidate("a");
    await a.lease.acquire();
    for (let round = 0; round < 5; round += 1) {
      server.hung.add(a.door);
      await pass(3);
      server.hung.delete(a.door);
      await pass(9);
    }
    expect([a.lease.isLeader, a.lost]).toEqual([true, 0]);
  });

  it("gives up when another has taken the Lease behind its back", async () => {
    const a = await candidate("a");
    await a.lease.acquire();
    server.lease = { ...server.lease!, spec: { ...server.lease!.spec, holderIdentity: "intruder" } };
    await pass(12);
    expect([a.lease.isLeader, a.lost, holder()]).toEqual([false, 1, "intruder"]);
  });

  it("of two that start together, one gets it", async () => {
    const [a, b] = [await candidate("a"), await candidate("b")];
    const both = [a.lease.acquire(), b.lease.acquire()];
    await Promise.race(both);
    await pass(30);
    expect([a.lease.isLeader, b.lease.isLeader].filter(Boolean)).toHaveLength(1);
  });
});

describe("release", () => {
  it("frees the Lease, so that the next need not wait for it to expire, and is no loss", async () => {
    const [a, b] = [await candidate("a"), await candidate("b")];
    await a.lease.acquire();
    const waiting = b.lease.acquire();
    await pass(4);
    await a.lease.release();
    expect(holder()).toBe("");
    await pass(2);
    expect(await waiting).toBe(true);
    expect([a.lease.isLeader, a.lost, holder()]).toEqual([false, 0, "b"]);
  });

  it("ends the waiting of one that never got it, without touching the holder", async () => {
    const [a, b] = [await candidate("a"), await candidate("b")];
    await a.lease.acquire();
    const waiting = b.lease.acquire();
    await pass(3);
    await b.lease.release();
    expect([await waiting, holder()]).toEqual([false, "a"]);
  });

  it("is not needed to end the waiting: a signal does", async () => {
    const [a, b] = [await candidate("a"), await candidate("b")];
    await a.lease.acquire();
    const stop = new AbortController();
    const waiting = b.lease.acquire(stop.signal);
    await pass(3);
    stop.abort();
    expect([await waiting, holder()]).toEqual([false, "a"]);
  });

  it("frees also what an attempt that was under way has just taken", async () => {
    const a = await candidate("a");
    const taking = a.lease.acquire();
    await a.lease.release();
    expect([await taking, a.lease.isLeader, holder()]).toEqual([false, false, ""]);
  });

  it("stops renewing", async () => {
    const a = await candidate("a");
    await a.lease.acquire();
    await a.lease.release();
    await until("no timer is left", () => a.clock.pending === 0);
    const version = server.lease?.metadata["resourceVersion"];
    await pass(30);
    expect(server.lease?.metadata["resourceVersion"]).toBe(version);
  });
});
