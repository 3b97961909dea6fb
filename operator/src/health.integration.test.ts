import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "./cluster/testing/fake-clock.ts";
import { startHealthServer } from "./health.ts";
import type { HealthServer, WatchState } from "./health.ts";
import { addProcessMetrics, createMetrics } from "./metrics.ts";

let clock: FakeClock;
let watches: WatchState[];
let missing: string | undefined;
let server: HealthServer;

beforeEach(async () => {
  [clock, watches, missing] = [new FakeClock(), [], undefined];
  const metrics = createMetrics();
  addProcessMetrics(metrics);
  metrics.reconciles.inc({ controller: "batchchange", result: "success" });
  server = await startHealthServer({
    host: "127.0.0.1",
    port: 0,
    clock,
    silenceLimit: 900_000,
    registry: metrics.registry,
    watches: () => watches,
    missing: () => missing,
  });
});

afterEach(() => server.close());

async function ask(path: string): Promise<[number, string]> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
  return [response.status, await response.text()];
}

describe("health", () => {
  it("fails when a watch has been silent too long, and names it", async () => {
    watches = [
      { name: "jobs in team-a", synced: true, lastActivity: 0 },
      { name: "pods in team-a", synced: true, lastActivity: 500_000 },
    ];
    clock.advance(900_000);
    expect(await ask("/healthz")).toEqual([200, "ok\n"]);
    clock.advance(1000);
    expect(await ask("/healthz")).toEqual([503, "watch jobs in team-a: nothing heard for 901 s\n"]);
  });

  it("is ready when every cache has its first list", async () => {
    expect(await ask("/readyz")).toEqual([503, "watching has not begun\n"]);
    watches = [{ name: "jobs", synced: false, lastActivity: 0 }];
    expect(await ask("/readyz")).toEqual([503, "cache jobs: no list yet\n"]);
    watches = [{ name: "jobs", synced: true, lastActivity: 0 }];
    expect(await ask("/readyz")).toEqual([200, "ok\n"]);
  });

  it("says what is not installed, in place of what that keeps it from", async () => {
    watches = [
      { name: "batchchanges", synced: false, missing: "the CRDs are not installed", lastActivity: 0 },
      { name: "jobs", synced: false, lastActivity: 0 },
    ];
    missing = "no right";
    expect(await ask("/readyz")).toEqual([
      503,
      "cache batchchanges: the CRDs are not installed\ncache jobs: no list yet\nLease: no right\n",
    ]);
  });

  it("shows metrics under the names that stock dashboards know", async () => {
    const [status, text] = await ask("/metrics");
    expect(status).toBe(200);
    expect(text).toContain('controller_runtime_reconcile_total{controller="batchchange",result="success"} 1');
    for (const name of [
      "rest_client_requests_total",
      "workqueue_depth",
      "leader_election_master_status",
      "process_resident_memory_bytes",
    ]) {
      expect(text).toContain(`# TYPE ${name} `);
    }
  });

  it("tells what there is at any other path", async () => {
    expect(await ask("/")).toEqual([404, "known here: /healthz, /readyz, /metrics\n"]);
  });
});
