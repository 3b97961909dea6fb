import { label } from "@codybatch/crds";
import { expect, it } from "vitest";
import { resources } from "../cluster/resource.ts";
import type { Bench, Job } from "./testing/bench.ts";
import { runWithDeath } from "./testing/death.ts";
import { lookOf, publishedAs } from "./testing/host.ts";

const spec = { repositories: [{ url: "https://github.com/acme/api" }], publish: { policy: "OnApproval" } };
/** Two Jobs, and what is in status before and after each. */
const leastWrites = 6;
const commit = "2".repeat(40);

/** A patch is stored, and nobody has approved it yet. */
async function before(bench: Bench): Promise<void> {
  await bench.apply("node-24", spec);
  const job = await bench.job("acme/api");
  await bench.run(job);
  await bench.finish(job);
  await bench.phase("acme/api", "AwaitingApproval");
}

/** Somebody approves the patch; a host has one branch, which each publish Job pushes to, and merges what a look asks for. */
async function run(bench: Bench): Promise<object> {
  await approve(bench);
  const done = new Map<string, string>();
  let mostAtOnce = 0;
  const changeset = await bench.until("the merge", async () => {
    const jobs = (await bench.all<Job>(resources.jobs)).filter(({ metadata }) => roleOf(metadata) !== undefined);
    const open = jobs.filter(({ metadata }) => !done.has(metadata.uid));
    mostAtOnce = Math.max(mostAtOnce, open.filter(({ metadata }) => roleOf(metadata) === "publish").length);
    for (const job of open) {
      const isLook = roleOf(job.metadata) === "track";
      await bench.finishTask(job, isLook ? await lookOf(bench, { headSHA: commit, state: "merged" }) : publishedAs(commit));
      done.set(job.metadata.uid, job.metadata.name.replace(/^node-24-.*(?=-pr-)/, "changeset"));
    }
    const [found] = await bench.changesets();
    return found?.status?.phase === "Merged" && found;
  });
  const batch = await bench.until("the batch's end", async () => {
    const found = await bench.batch("node-24");
    return found?.status?.counts?.merged === 1 && found.status;
  });
  const { reason, message, pullRequest, publishing, attempts, conditions } = changeset.status!;
  const { approval, ...rest } = publishing!;
  return {
    jobs: [...done.values()],
    mostAtOnce,
    changeset: {
      reason,
      message,
      pullRequest,
      attempts: attempts?.length,
      conditions: conditions?.map(({ type, status }) => `${type} ${status}`),
    },
    publishing: { ...rest, starts: rest.starts?.map(({ number }) => number), by: approval?.by, patch: approval?.patch },
    batch: { phase: batch.phase, progress: batch.progress, counts: batch.counts, usage: batch.usage, settled: batch.tracking?.settled },
  };
}

async function approve(bench: Bench): Promise<void> {
  const [changeset] = await bench.changesets();
  const { namespace, name } = changeset!.metadata;
  const approval = { patch: changeset!.status!.patch!.digest, by: "rosa" };
  await bench.client.mergePatch(resources.changesets, namespace, name, { spec: { approval } });
}

function roleOf({ labels = {} }: Job["metadata"]): "publish" | "track" | undefined {
  const role = labels[label.role];
  return role === "publish" || role === "track" ? role : undefined;
}

it("publishes an approved patch with one Job and one push to the same end, whichever write was the operator's last", async () => {
  const clean = await runWithDeath(Infinity, { before, run });
  expect(clean.end).toMatchObject({
    jobs: ["changeset-pr-1", "node-24-track-1"],
    mostAtOnce: 1,
    publishing: { settled: 1, outcome: "Published", commit, by: "rosa", starts: [1] },
    batch: { counts: { merged: 1 } },
  });
  let [writes, died] = [0, true];
  while (died) {
    writes += 1;
    const life = await runWithDeath(writes, { before, run });
    expect(life.end, `dying after write ${writes}`).toEqual(clean.end);
    died = life.died;
  }
  expect(writes).toBeGreaterThan(leastWrites);
});
