import { describe, expect, it } from "vitest";
import { resources } from "../cluster/resource.ts";
import type { Bench, Job } from "./testing/bench.ts";
import { runWithDeath } from "./testing/death.ts";

const spec = { repositories: [{ url: "https://github.com/acme/api" }, { url: "https://github.com/acme/web" }], parallelism: 1 };
/** Writes of an undisturbed run, Events included; the test says when it takes more. */
const mostWrites = 22;
const quotas = { CODYBATCH_QUOTAS: JSON.stringify([{ namespaces: ["team-a"], period: "month", maxCostUSD: 3 }]) };
/** One before each Job and one after each end. */
const writesOfQuotas = 4;

/** What a run leaves behind: everything that may not differ, whatever died on the way. */
async function run(bench: Bench): Promise<object> {
  await bench.apply("node-24", spec);
  const jobs = new Set<string>();
  const done = await bench.until("the batch to end", async () => {
    for (const job of await bench.all<Job>(resources.jobs)) {
      if (jobs.has(job.metadata.name)) continue;
      jobs.add(job.metadata.name);
      await bench.run(job);
      await bench.finish(job, jobs.size === 1 ? {} : { reason: "NotReported", message: "The model stopped without a report." });
    }
    const batch = await bench.batch("node-24");
    return batch?.status?.finishedAt !== undefined && batch;
  });
  const changesets = await bench.changesets();
  const outcomes = changesets.map(({ spec: { repository }, status }) => {
    const { phase, reason, message, chargedNanoUSD, usage, diffStat } = status ?? {};
    const command = /attempt":\d+/.exec(message ?? "")?.[0];
    const attempts = status?.attempts?.map(({ attempt, try: number, outcome }) => `${attempt}-${number} ${outcome}`);
    return { name: repository.name, phase, reason, command, chargedNanoUSD, cost: usage?.costUSD, diffStat, attempts };
  });
  const { phase, progress, counts, usage } = done.status ?? {};
  const money = await bench.until("the ledger to be settled", () => settledLedger(bench));
  return { jobs: jobs.size, money, outcomes: outcomes.toSorted((a, b) => (a.name < b.name ? -1 : 1)), phase, progress, counts, usage };
}

/** What the namespace has spent, once nothing is reserved any more; of a namespace without quotas nothing. */
async function settledLedger(bench: Bench): Promise<readonly string[] | undefined> {
  const { items } = await bench.client.list(resources.configMaps, { namespace: "codybatch-system" }, (raw) => raw as { data?: object });
  const entries = items.flatMap(({ data }) => Object.entries(data ?? {}));
  return entries.some(([key]) => key.startsWith("open.")) ? undefined : entries.map(([, spent]) => String(spent));
}

describe("an operator that dies", () => {
  it("leaves nothing that its successor does not bring to the same end, whichever write was its last", async () => {
    const clean = await runWithDeath(Infinity, { run });
    expect(clean.end).toMatchObject({ jobs: 2, phase: "PartiallySucceeded", progress: "2/2", usage: { costUSD: "0.50" }, money: [] });
    expect(clean.writes).toBeLessThanOrEqual(mostWrites);
    for (let writes = 1; writes <= mostWrites; writes += 1) {
      const { end } = await runWithDeath(writes, { run });
      expect(end, `dying after write ${writes}`).toEqual(clean.end);
    }
  });

  it("counts the same against a quota, also when it dies between the ledger and the Job", async () => {
    const clean = await runWithDeath(Infinity, { run, env: quotas });
    expect(clean.end).toMatchObject({ jobs: 2, usage: { costUSD: "0.50" }, money: ["0.50"] });
    expect(clean.writes).toBeLessThanOrEqual(mostWrites + writesOfQuotas);
    for (let writes = 1; writes <= mostWrites + writesOfQuotas; writes += 1) {
      const { end } = await runWithDeath(writes, { run, env: quotas });
      expect(end, `dying after write ${writes}`).toEqual(clean.end);
    }
  });
});
