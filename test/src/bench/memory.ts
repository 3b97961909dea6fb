import { setTimeout as pause } from "node:timers/promises";
import { resources } from "@codybatch/operator";
import type { Client, Resource } from "@codybatch/operator";
import { batchManifest } from "./batch.ts";
import { inFlightMost, openClient } from "./client.ts";
import { mebibytes, perSecond, seconds } from "./figure.ts";
import type { Effort, Measurement } from "./figure.ts";
import { inFlight } from "./in-flight.ts";
import { reportAgain, runPodOf } from "./kubelet.ts";
import { OperatorUnderTest } from "./operator.ts";
import { inFolder } from "./program.ts";
import { startMemoryServer } from "./server.ts";

const limits = { maxRepositories: 1000, parallelism: 1000, runningJobs: 100_000, repositoriesWithoutClaim: 1000, maxTotalMiB: 100_000 };
const env = { CODYBATCH_LIMITS: JSON.stringify(limits) };

interface Size {
  readonly batches: number;
  readonly repositories: number;
  /** Seconds for which memory is watched after the last work, so that a whole collection of garbage falls into them. */
  readonly watch: number;
}

/** The operator with 10,000 Changesets, Jobs and Pods, of which all run: when it makes them, when it starts anew, and when all pods report. */
export async function measureMemory({ quick }: Effort): Promise<Measurement> {
  const size: Size = quick ? { batches: 2, repositories: 10, watch: 1 } : { batches: 100, repositories: 100, watch: 45 };
  const count = size.batches * size.repositories;
  const server = await startMemoryServer();
  const client = await openClient(server.url);
  try {
    const made = await inFolder((dir) => makeObjects(dir, server.url, client, size));
    const { jobs, pods } = await sizes(client);
    const seen = await inFolder((dir) => watchStart(dir, server.url, client, size));
    const title = `Operator with ${count.toLocaleString("en")} Changesets, Jobs and Pods (${jobs} and ${pods} bytes each) and as many live records`;
    return { title, figures: [{ what: "Changesets and Jobs made, from the BatchChanges", value: perSecond(count, made) }, ...seen] };
  } finally {
    await client.close();
    await server.stop();
  }
}

/** Lets the operator make all Changesets and Jobs and plays the cluster; answers the milliseconds until the last Job. */
async function makeObjects(dir: string, url: string, client: Client, size: Size): Promise<number> {
  const operator = await OperatorUnderTest.start(dir, { CODYBATCH_API_URL: url, ...env });
  try {
    await operator.synced();
    const startedAt = performance.now();
    for (let batch = 0; batch < size.batches; batch += 1) await client.create(resources.batchChanges, "default", batchOf(batch, size));
    let elapsed = startedAt;
    const jobs: unknown[] = [];
    while (jobs.length < size.batches * size.repositories) {
      await pause(100);
      await operator.settled();
      elapsed = performance.now() - startedAt;
      jobs.splice(0, jobs.length, ...(await client.list(resources.jobs, {}, (raw) => raw as object)).items);
    }
    await inFlight(jobs, inFlightMost, (job) => runPodOf(client, job));
    await operator.settled();
    return elapsed;
  } finally {
    await operator.stop();
  }
}

function batchOf(batch: number, { repositories }: Size): object {
  const urls = Array.from({ length: repositories }, (_, index) => `https://github.com/acme-${batch}/service-${index}`);
  return batchManifest(`batch-${batch}`, urls, 100);
}

async function sizes(client: Client): Promise<{ jobs: number; pods: number }> {
  const mean = async (resource: Resource): Promise<number> => {
    const { items } = await client.list(resource, {}, (raw) => ({ bytes: JSON.stringify(raw).length }));
    return Math.round(items.reduce((sum, { bytes }) => sum + bytes, 0) / items.length);
  };
  return { jobs: await mean(resources.jobs), pods: await mean(resources.pods) };
}

async function watchStart(dir: string, url: string, client: Client, { watch }: Size): Promise<Measurement["figures"]> {
  const operator = await OperatorUnderTest.start(dir, { CODYBATCH_API_URL: url, ...env });
  try {
    const synced = await operator.synced();
    await operator.settled();
    const settled = performance.now() - operator.startedAt;
    const started = await watchMemory(operator, watch);
    const { items } = await client.list(resources.pods, {}, (raw) => raw as Parameters<typeof reportAgain>[1]);
    await inFlight(items, inFlightMost, (pod) => reportAgain(client, pod));
    await operator.settled();
    const churned = await watchMemory(operator, watch);
    return [
      { what: "start until all caches are filled", value: seconds(synced / 1000) },
      { what: "start until every batch was looked at", value: seconds(settled / 1000) },
      { what: "RSS after the start, settled (goal 300 MiB); peak", value: `${mebibytes(started.resident)}; ${mebibytes(started.peak)}` },
      { what: "heap after the start, settled (goal 80 MiB)", value: mebibytes(started.heap) },
      {
        what: "RSS after every pod reported once more, settled; peak",
        value: `${mebibytes(churned.resident)}; ${mebibytes(churned.peak)}`,
      },
      { what: "heap after that, settled", value: mebibytes(churned.heap) },
    ];
  } finally {
    await operator.stop();
  }
}

interface Seen {
  readonly resident: number;
  readonly peak: number;
  readonly heap: number;
}

/** The heap's least value over the time is what is kept: between collections of garbage it only grows. */
async function watchMemory(operator: OperatorUnderTest, watch: number): Promise<Seen> {
  let heap = Number.POSITIVE_INFINITY;
  for (const end = performance.now() + watch * 1000; performance.now() < end;) {
    heap = Math.min(heap, await operator.heapUsed());
    await pause(500);
  }
  return { ...operator.memory(), heap };
}
