import { label } from "@codybatch/crds";
import { expect, it } from "vitest";
import { resources } from "../cluster/resource.ts";
import { resultOf, type Bench, type Job } from "./testing/bench.ts";
import { runWithDeath } from "./testing/death.ts";
import { lookOf, publishedAs } from "./testing/host.ts";

const publish = { policy: "Automatic", onCIFailure: { maxAttempts: 1 } };
const spec = { repositories: [{ url: "https://github.com/acme/api" }], publish, budget: { maxCostUSD: 5 } };
const env = { CODYBATCH_LIMITS: JSON.stringify({ publishPolicies: ["Automatic"] }), CODYBATCH_TRACK_SECONDS: "0.2" };
/** Two Jobs, two looks, and what is in status before and after each. */
const leastWrites = 10;
const [red, green] = ["2".repeat(40), "3".repeat(40)];

/** A pull request is open, and nobody has looked at it yet. */
async function before(bench: Bench): Promise<void> {
  await bench.apply("node-24", spec);
  const job = await bench.job("acme/api");
  await bench.run(job);
  await bench.finish(job);
  const publishJob = await bench.until("the publish Job", async () => (await bench.all<Job>(resources.jobs)).find(isPublish));
  await bench.finishTask(publishJob, publishedAs(red));
  await bench.phase("acme/api", "Open");
}

/** Checks fail until something new is pushed; then somebody merges it. */
async function run(bench: Bench): Promise<object> {
  const pushed: string[] = [];
  const done = new Set<string>();
  const merged = await bench.until("the merge", async () => {
    for (const job of (await bench.all<Job>(resources.jobs)).filter((one) => !hasEnded(one) && !done.has(one.metadata.uid))) {
      done.add(job.metadata.uid);
      await carryOut(bench, job, pushed);
    }
    const [found] = await bench.changesets();
    return found?.status?.phase === "Merged" && found.status;
  });
  const batch = await bench.until("the batch's end", async () => {
    const found = await bench.batch("node-24");
    return found?.status?.counts?.merged === 1 && found.status;
  });
  const { mending, settled, commit, published } = merged.publishing!;
  const attempts = merged.attempts?.map(({ attempt, try: number, outcome }) => `${attempt}-${number} ${outcome}`);
  const { reason, message, chargedNanoUSD, pullRequest } = merged;
  const { phase, progress, counts, usage } = batch;
  return {
    pushed,
    publishing: { mending, settled, commit, published },
    changeset: { reason, message, attempts, chargedNanoUSD, pullRequest },
    batch: { phase, progress, counts, usage },
  };
}

async function carryOut(bench: Bench, job: Job, pushed: string[]): Promise<void> {
  if (isPublish(job)) {
    pushed.push(job.metadata.name.slice(job.metadata.name.indexOf("-pr-")));
    return bench.finishTask(job, publishedAs(green));
  }
  if (job.metadata.labels?.[label.role] !== "track") {
    await bench.run(job);
    return bench.finish(job, { patch: { ...resultOf().patch!, digest: `sha256:${"b".repeat(64)}` } });
  }
  const isGreen = pushed.length > 0;
  const found = isGreen ? ({ headSHA: green, state: "merged" } as const) : ({ headSHA: red, state: "open", checks: "failing" } as const);
  return bench.finishTask(job, await lookOf(bench, found));
}

function isPublish({ metadata }: Job): boolean {
  return metadata.labels?.[label.role] === "publish";
}

function hasEnded(job: Job): boolean {
  const { status } = job as { readonly status?: { readonly conditions?: readonly unknown[] } };
  return (status?.conditions ?? []).length > 0;
}

it("answers failed checks with one attempt and one push to the same end, whichever write was the operator's last", async () => {
  const clean = await runWithDeath(Infinity, { before, run, env });
  expect(clean.end).toMatchObject({
    pushed: ["-pr-2"],
    publishing: { mending: { attempts: 1, row: 0, headSHA: red }, settled: 2, commit: green },
    changeset: { attempts: ["0-0 Reported", "1-0 Reported"], chargedNanoUSD: 500_000_000 },
    batch: { phase: "Succeeded", counts: { merged: 1 }, usage: { costUSD: "0.50" } },
  });
  let [writes, died] = [0, true];
  while (died) {
    writes += 1;
    const life = await runWithDeath(writes, { before, run, env });
    expect(life.end, `dying after write ${writes}`).toEqual(clean.end);
    died = life.died;
  }
  expect(writes).toBeGreaterThan(leastWrites);
});
