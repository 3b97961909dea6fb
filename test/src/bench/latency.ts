import { setTimeout as pause } from "node:timers/promises";
import { resources } from "@codybatch/operator";
import type { Client, KubeObject } from "@codybatch/operator";
import { eventually } from "../cluster/deadline.ts";
import { batchManifest } from "./batch.ts";
import { openClient } from "./client.ts";
import { milliseconds, times } from "./figure.ts";
import type { Effort, Measurement } from "./figure.ts";
import { OperatorUnderTest } from "./operator.ts";
import { inFolder } from "./program.ts";
import { startJournalServer } from "./server.ts";
import { batchOfJob, Sightings } from "./sightings.ts";
import { median, quantile } from "./statistics.ts";

/** An idle operator's answer to a new BatchChange, against two bare creates at the same server in the same run. */
export async function measureLatency({ quick }: Effort): Promise<Measurement> {
  const [count, idleMs] = quick ? [2, 100] : [30, 2000];
  return inFolder(async (dir) => {
    const server = await startJournalServer(dir);
    const client = await openClient(server.url);
    const operator = await OperatorUnderTest.start(dir, { CODYBATCH_API_URL: server.url });
    const jobs = new Sightings(client, resources.jobs, batchOfJob);
    try {
      await operator.synced();
      const [bare, whole]: [number[], number[]] = [[], []];
      // The first of each fills caches, makes the namespace's ServiceAccount and compiles: not counted.
      for (let round = 0; round <= count; round += 1) {
        await pause(idleMs);
        const pair = await bareCreates(client, round);
        await pause(idleMs);
        const answer = await batchToJob(client, jobs, round);
        if (round === 0) continue;
        bare.push(pair);
        whole.push(answer);
      }
      return {
        title: `Idle operator: BatchChange created → its Job exists (n = ${count}, ${idleMs / 1000} s idle before each)`,
        figures: figuresOf(bare, whole),
      };
    } finally {
      jobs.stop();
      await operator.stop();
      await client.close();
      await server.stop();
    }
  });
}

function figuresOf(bare: readonly number[], whole: readonly number[]): Measurement["figures"] {
  return [
    { what: "p50; p99 (with so few the slowest)", value: `${milliseconds(median(whole))}; ${milliseconds(quantile(whole, 0.99))}` },
    {
      what: "two bare creates one after the other, p50; p99",
      value: `${milliseconds(median(bare))}; ${milliseconds(quantile(bare, 0.99))}`,
    },
    { what: "ratio of the medians", value: times(median(whole) / median(bare)) },
  ];
}

/** As large as the BatchChange and the Job. */
async function bareCreates(client: Client, round: number): Promise<number> {
  const config = (name: string, size: number): object => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name },
    data: { text: "x".repeat(size) },
  });
  const startedAt = performance.now();
  await client.create(resources.configMaps, "default", config(`bare-${round}-a`, 400));
  await client.create(resources.configMaps, "default", config(`bare-${round}-b`, 6000));
  return performance.now() - startedAt;
}

async function batchToJob(client: Client, jobs: Sightings, round: number): Promise<number> {
  const name = `batch-${round}`;
  const startedAt = performance.now();
  const batch = await client.create(resources.batchChanges, "default", batchManifest(name, ["https://github.com/acme/api"], 1));
  const seenAt = await jobs.seen(name);
  await remove(client, batch);
  return seenAt - startedAt;
}

/** Each round finds the namespace as the one before did. */
async function remove(client: Client, { metadata: { name, uid } }: KubeObject): Promise<void> {
  await client.remove(resources.batchChanges, "default", name, uid);
  await eventually(`${name} is gone`, async () =>
    (await client.get(resources.batchChanges, "default", name)) === undefined ? true : undefined,
  );
}
