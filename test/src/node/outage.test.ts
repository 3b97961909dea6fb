import { setTimeout as pause } from "node:timers/promises";
import type { Attempt } from "@codybatch/crds";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { must } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/deadline.ts";
import { startPart, stopPart } from "./cluster.ts";
import { expectWhole, lossOf, type MidRun, midRun, twoFiles } from "./interruption.ts";
import { podsOf } from "./pod.ts";
import { Stage } from "./stage.ts";

/** Longer than a Lease lives. */
const outageMs = 60_000;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open({ name: "outage", scenarios: [twoFiles] });
});
afterAll(() => stage.close());
afterEach(({ task }) => stage.tellFailure(task));

test("the node is drained of change pods in mid-turn: they store their work, and the next try goes on from it", async () => {
  const run = await midRun(stage, "drained", "first");
  const before = await firstAttempts(run);
  await drain("--pod-selector=app.kubernetes.io/component=runner,codybatch.dev/batch-change=drained");
  expect(await lossOf(run)).toBe("Evicted");
  expect(await firstAttempts(run)).toEqual(before);
});

// Without a selector: this takes every pod off the node, those of others too.
test("the node is drained of everything, the operator too: it comes back, and all ends well", async () => {
  const run = await midRun(stage, "emptied", "first");
  const before = await firstAttempts(run);
  await drain("--force");
  // With the operator gone, nobody may have seen why.
  expect(["Evicted", "PodDeleted"]).toContain(await lossOf(run));
  expect(await firstAttempts(run)).toEqual(before);
});

// Nobody on the cluster is served meanwhile.
test("a Job ends while the API server is away: its result arrives, and nothing is done twice", async () => {
  const run = await midRun(stage, "away", "first");
  const before = await firstAttempts(run);
  await stopPart(stage.cluster, "apiserver");
  try {
    run.held.release();
    await pause(outageMs);
  } finally {
    await startPart(stage.cluster, "apiserver");
  }
  // For some moments more it answers 429 for custom resources, whose storage is being made.
  await eventually(
    "our kinds are served again",
    async () => (await stage.site.kubectl(["get", "bc,cset", "-A"])).exitCode === 0 || undefined,
  );
  const changeset = await run.batch.ends(run.repository, "Ready");
  expect(changeset.status.attempts).toMatchObject([{ try: 0, outcome: "Reported", pod: run.pod.metadata.name }]);
  await expectWhole(run, changeset);
  expect(await podsOf(stage, run.repository)).toHaveLength(1);
  expect(await firstAttempts(run)).toEqual(before);
});

async function drain(which: string): Promise<void> {
  const options = ["--ignore-daemonsets", "--delete-emptydir-data", "--timeout=150s"];
  try {
    must(await stage.site.kubectl(["drain", "node1", which, ...options]));
  } finally {
    must(await stage.site.kubectl(["uncordon", "node1"]));
  }
}

/** The tries of the batch's other repository, which has ended well. */
async function firstAttempts({ batch }: MidRun): Promise<readonly Attempt[]> {
  const { status } = await batch.ends(`${batch.name}/first`, "Ready");
  expect(status.attempts).toHaveLength(1);
  expect((await batch.jobs()).filter((job) => job.startsWith(status.attempts![0]!.job.slice(0, -4)))).toHaveLength(1);
  return status.attempts!;
}
