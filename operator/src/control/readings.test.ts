import { expect, it } from "vitest";
import type { Client } from "../cluster/client.ts";
import { FakeClock } from "../cluster/testing/fake-clock.ts";
import { createLog } from "../log.ts";
import { createMetrics } from "../metrics.ts";
import { Limits } from "../reconcile/limits.ts";
import { createCaches } from "./caches.ts";
import { readingsOf } from "./readings.ts";

it("tells for each resource, not for each namespace, how long its quietest watch has been silent, and where nothing starts any more", async () => {
  const [clock, metrics, client] = [new FakeClock(), createMetrics(), {} as unknown as Client];
  const times = { silence: 1, relist: 1, backoffBase: 1, backoffMost: 1 };
  const shared = { client, clock, random: () => 0, log: createLog("silent"), metrics, times, onChange: () => undefined };
  const caches = createCaches({ ...shared, namespaces: ["team-a", "team-b"] });
  metrics.observeReadings(readingsOf(caches, Limits.parse({ maxTotalMiB: 2 }), clock));
  clock.advance(301_000);
  const text = await metrics.registry.metrics();
  expect(text.match(/^codybatch_watch_silence_seconds\{.*$/gm)).toEqual(
    ["batchchanges", "changesets", "jobs", "pods", "configmaps"].map(
      (resource) => `codybatch_watch_silence_seconds{resource="${resource}"} 301`,
    ),
  );
  expect(text).toContain('\ncodybatch_pull_requests{state="open"} 0\n');
  expect(text).not.toMatch(/^codybatch_cost_per_merged_pull_request_dollars \d/m);
  expect(text).toContain("\ncodybatch_results_limit_bytes 2097152\n");
});
