import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { pino } from "pino";
import { FakeClock } from "../cluster/testing/fake-clock.ts";
import { WorkQueue } from "../cluster/work-queue.ts";
import { createMetrics } from "../metrics.ts";
import type { Controller } from "./controller.ts";
import { runWorkers } from "./workers.ts";

test("a hundred passes without any request leave the event loop its turns, for the Lease and the watches", async () => {
  const clock = new FakeClock();
  const metrics = createMetrics();
  const queue = new WorkQueue({ name: "batchchange", clock, metrics });
  let passes = 0;
  const controller = { reconcile: async () => void (passes += 1) } as unknown as Controller;
  for (let batch = 0; batch < 100; batch += 1) queue.add(`default/batch-${batch}`);
  const working = runWorkers({ controller, queue, clock, log: pino({ level: "silent" }), metrics }, 4);
  await nextTurn();
  expect(passes).toBeLessThan(20);
  queue.shutDown();
  await working;
});
