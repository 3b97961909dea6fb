import { resources, systemClock, createLog, createMetrics } from "@codybatch/operator";
import { Reflector } from "../../../operator/src/cluster/reflector.ts";
import { slimJob } from "../../../operator/src/reconcile/slim.ts";
import { openClient, inFlightMost } from "./client.ts";
import { perSecond } from "./figure.ts";
import type { Effort, Figure, Measurement } from "./figure.ts";
import { inFlight } from "./in-flight.ts";
import { jobOf } from "./job.ts";
import { inFolder } from "./program.ts";
import { startJournalServer, startMemoryServer } from "./server.ts";
import type { BenchServer } from "./server.ts";
import { median } from "./statistics.ts";
import { startWatchSource } from "./watch-source.ts";

/** How many Jobs of 4 KiB the embedded server takes, and how many changes a cache of the operator. */
export async function measureThroughput({ quick }: Effort): Promise<Measurement> {
  const [creates, events, rounds] = quick ? [100, 500, 1] : [3000, 20_000, 3];
  const memory = await startMemoryServer();
  const figures: Figure[] = [];
  const add = async (what: string, count: number, once: () => Promise<number>): Promise<void> => {
    const all: number[] = [];
    for (let round = 0; round < rounds; round += 1) all.push(await once());
    figures.push({ what, value: perSecond(count, median(all)) });
  };
  try {
    await add(`creates of Jobs of 4 KiB, ${inFlightMost} in flight, without a journal`, creates, () => createJobs(memory, creates));
  } finally {
    await memory.stop();
  }
  await inFolder(async (dir) => {
    const server = await startJournalServer(dir);
    try {
      await add("the same with the journal on this disk, each synced before it is answered", creates, () => createJobs(server, creates));
    } finally {
      await server.stop();
    }
  });
  await add("changes of Jobs of 8 KiB into a cache of the operator, from a watch that never pauses", events, () => followEvents(events));
  return { title: `Throughput (median of ${rounds})`, figures };
}

let made = 0;

async function createJobs({ url }: BenchServer, count: number): Promise<number> {
  const client = await openClient(url);
  const bodies = Array.from({ length: count }, () => jobOf(`job-${(made += 1)}`, 4096));
  const startedAt = performance.now();
  await inFlight(bodies, inFlightMost, async (body) => void (await client.create(resources.jobs, "default", body)));
  const elapsed = performance.now() - startedAt;
  await client.close();
  return elapsed;
}

/** Milliseconds from the first change to the last. */
async function followEvents(count: number): Promise<number> {
  const source = await startWatchSource(count);
  const client = await openClient(source.url);
  const { promise: finished, resolve: finish } = Promise.withResolvers<number>();
  let [seen, firstAt] = [0, 0];
  const reflector = new Reflector({
    client,
    resource: resources.jobs,
    slim: slimJob,
    indexes: { batch: ({ batchChange }) => [batchChange] },
    onChange: () => {
      if (seen === 0) firstAt = performance.now();
      seen += 1;
      if (seen === count) finish(performance.now() - firstAt);
    },
    clock: systemClock,
    random: Math.random,
    log: createLog("fatal"),
    metrics: createMetrics(),
  });
  reflector.start();
  const elapsed = await finished;
  await reflector.stop();
  await client.close();
  await source.stop();
  return elapsed;
}
