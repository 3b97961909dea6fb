import { setTimeout as pause } from "node:timers/promises";
import { resources } from "@codybatch/operator";
import type { Client } from "@codybatch/operator";
import { eventually } from "../../cluster/deadline.ts";
import { batchManifest } from "../batch.ts";
import type { Figure } from "../figure.ts";
import { milliseconds, times } from "../figure.ts";
import { jobOf } from "../job.ts";
import { OperatorUnderTest } from "../operator.ts";
import { inFolder } from "../program.ts";
import { batchOfJob, Sightings } from "../sightings.ts";
import { median, quantile } from "../statistics.ts";
import { limitsEnv } from "./batches.ts";
import type { Plane } from "./plane.ts";

const [operated, bare] = ["operated", "bare"];
/** About as large as the operator's. */
const jobBytes = 6500;

/** How often, and how long nothing happens before each, in milliseconds. The operator itself rests for twice as long, since every other turn is not its own. */
export interface Pace {
  readonly count: number;
  readonly idleMs: number;
}

/** One BatchChange after the other with an operator that has nothing else to do, in turns with the least that any operator does: an object, its watch event, a Job. */
export async function measureFirstJob(plane: Plane, { count, idleMs }: Pace): Promise<readonly Figure[]> {
  for (const namespace of [operated, bare]) await plane.makeNamespace(namespace);
  return inFolder(async (dir) => {
    const env = { KUBECONFIG: plane.kubeconfig, CODYBATCH_WATCH_NAMESPACES: operated, ...limitsEnv };
    const operator = await OperatorUnderTest.start(dir, env);
    const { client } = plane;
    const batches = new Sightings(client, resources.batchChanges, ({ metadata }) => metadata.name);
    const jobs = new Sightings(client, resources.jobs, batchOfJob);
    const [whole, least]: [number[], number[]] = [[], []];
    try {
      await operator.working();
      await Promise.all([batches.watching, jobs.watching]);
      // The first of each fills caches, makes the namespace's ServiceAccount and compiles: not counted.
      for (let round = 0; round <= count; round += 1) {
        await pause(idleMs);
        least.push(await reaction(client, { batches, jobs }, `least-${round}`));
        await pause(idleMs);
        whole.push(await answer(client, jobs, `batch-${round}`));
      }
    } finally {
      batches.stop();
      jobs.stop();
      await operator.stop();
    }
    return figuresOf({ count, idleMs }, whole.slice(1), least.slice(1));
  });
}

function figuresOf({ count, idleMs }: Pace, whole: readonly number[], least: readonly number[]): readonly Figure[] {
  const both = (all: readonly number[]): string => `${milliseconds(median(all))}; ${milliseconds(quantile(all, 0.99))}`;
  return [
    {
      what: `idle operator: BatchChange created → its Job exists, p50; p99 (n = ${count}, ${idleMs / 500} s idle before each; goal 25 and 100 ms)`,
      value: both(whole),
    },
    { what: "a BatchChange created → its watch event → a Job created → its watch event, and nothing else, p50; p99", value: both(least) },
    { what: "ratio of the medians", value: times(median(whole) / median(least)) },
  ];
}

async function answer(client: Client, jobs: Sightings, name: string): Promise<number> {
  return timed(client, operated, name, () => jobs.seen(name));
}

async function reaction(client: Client, { batches, jobs }: Readonly<Record<"batches" | "jobs", Sightings>>, name: string): Promise<number> {
  return timed(client, bare, name, async () => {
    await batches.seen(name);
    await client.create(resources.jobs, bare, jobOf(name, jobBytes, name));
    return jobs.seen(name);
  });
}

/** Milliseconds from the request for a BatchChange. Each round finds the namespace as the one before did. */
async function timed(client: Client, namespace: string, name: string, seen: () => Promise<number>): Promise<number> {
  const startedAt = performance.now();
  const [{ metadata }, seenAt] = await Promise.all([
    client.create(resources.batchChanges, namespace, batchManifest(name, ["https://github.com/acme/api"], 1)),
    seen(),
  ]);
  await client.remove(resources.batchChanges, namespace, name, metadata.uid);
  const job = await client.get(resources.jobs, namespace, name);
  if (job !== undefined) await client.remove(resources.jobs, namespace, name, job.metadata.uid);
  const left = async (): Promise<number> => (await client.list(resources.jobs, { namespace }, (raw) => raw as object)).items.length;
  await eventually(`the Job of ${name} is gone`, async () => ((await left()) === 0 ? true : undefined));
  return seenAt - startedAt;
}
