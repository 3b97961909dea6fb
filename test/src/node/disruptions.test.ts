import { resources } from "@codybatch/operator";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { eventually } from "../cluster/deadline.ts";
import { must } from "../cluster/control-plane.ts";
import type { Batch } from "../story/batch.ts";
import { tagImage } from "./cluster.ts";
import { expectWhole, lossOf, midRun, twoFiles } from "./interruption.ts";
import { podsOf } from "./pod.ts";
import { Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  // Node as process 1 is deaf to SIGTERM while it starts, and a second pod may be stopped just then.
  const jobs = { terminationGrace: "30s" };
  stage = await Stage.open({ name: "disruptions", scenarios: [twoFiles], values: { jobs } });
});
afterAll(() => stage.close());
afterEach(({ task }) => stage.tellFailure(task));

test.concurrent("a pod is deleted in mid-run: the next try goes on from its patch with what is left of the money", async () => {
  const run = await midRun(stage, "deleted");
  await stage.kubectl("delete", "pod", run.pod.metadata.name, "--wait=false");
  expect(await lossOf(run)).toBe("PodDeleted");
});

test.concurrent("a pod is evicted in mid-run: the next try goes on from its patch, and the cause is named", async () => {
  const run = await midRun(stage, "evicted");
  await evict(run.pod.metadata.name);
  expect(await lossOf(run)).toBe("Evicted");
});

test.concurrent("somebody suspends and resumes a Job in mid-run: its second pod is stopped, and what both have cost counts", async () => {
  const run = await midRun(stage, "resumed");
  const { pod, batch } = run;
  const [job] = await batch.jobs();
  await stage.api.patch(resources.jobs, job!, { spec: { suspend: true } });
  await eventually("the pod is being stopped", async () => {
    const found = await stage.api.get(resources.pods, pod.metadata.name);
    return found === undefined || found.metadata.deletionTimestamp !== undefined ? true : undefined;
  });
  await stage.api.patch(resources.jobs, job!, { spec: { suspend: false } });
  expect(await lossOf(run)).toBe("SecondPod");
  const events = JSON.stringify(await stage.api.list(resources.events));
  expect([...new Set(events.match(new RegExp(`Created pod: ${job}-[a-z0-9]+`, "g")))]).toHaveLength(2);
});

/** As `kubectl drain` asks for it. */
async function evict(name: string): Promise<void> {
  const path = `/api/v1/namespaces/${stage.namespace}/pods/${name}/eviction`;
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace: stage.namespace } };
  must(await stage.site.kubectl(["create", "--raw", path, "-f", "-"], eviction));
}

test("a ResourceQuota without room for pods is named with what to do, until it has room", async () => {
  await stage.kubectl("create", "quota", "no-pods", "--hard=pods=0");
  await stage.kubectl("wait", "quota", "no-pods", "--for=jsonpath={.status.hard}");
  const batch = await started("quota");
  const { status } = await batch.ends("quota/api", "Pending", "QuotaExceeded");
  expect(status.message).toMatch(/exceeded quota: no-pods.*ask for a larger ResourceQuota/s);
  await stage.kubectl("delete", "quota", "no-pods");
  await wholeInOneTry(batch, "quota/api");
});

test("the release is upgraded to a new runner image: a running Job ends with the old one, the next waits until the new one is there", async () => {
  const { runner } = stage.cluster.images;
  const newer = `localhost/codybatch-runner:${Date.now()}`;
  const old = await midRun(stage, "old");
  await stage.upgrade({ runner: { image: newer } });
  const batch = await started("new");
  const { status } = await batch.ends("new/api", "Pending", "ImagePullBackOff");
  expect(status.message).toMatch(new RegExp(`${newer}.*Check runner.image and imagePullSecrets`, "s"));
  old.held.release();
  await wholeInOneTry(old.batch, old.repository);
  await tagImage(stage.cluster, runner, newer);
  await wholeInOneTry(batch, "new/api");
  expect(await Promise.all(["old/api", "new/api"].map(imagesOf))).toEqual([[runner], [newer]]);
});

test("an agent with too little memory fails as OOMKilled, with what to do, and no further try follows", async () => {
  const agent = { requests: { memory: "40Mi" }, limits: { memory: "40Mi" } };
  await stage.upgrade({ runner: { resources: { agent } } });
  const batch = await started("memory");
  const { status } = await batch.ends("memory/api", "Failed", "OOMKilled");
  expect(status.message).toContain("Ask the administrator for a larger runner memory limit");
  expect(status.attempts).toMatchObject([{ try: 0, outcome: "Failed", reason: "OOMKilled" }]);
});

test("a node selector that fits no node is named with what to do, until one fits", async () => {
  const agent = { requests: { memory: "64Mi" }, limits: { memory: "2Gi" } };
  await stage.upgrade({ runner: { nodeSelector: { "codybatch.dev/test": "room" }, resources: { agent } } });
  const batch = await started("selector");
  const { status } = await batch.ends("selector/api", "Pending", "Unschedulable");
  expect(status.message).toMatch(/didn't match Pod's node affinity\/selector.*check node selector/s);
  await stage.kubectl("label", "node", "node1", "codybatch.dev/test=room");
  await wholeInOneTry(batch, "selector/api");
  await stage.kubectl("label", "node", "node1", "codybatch.dev/test-");
});

async function started(name: string): Promise<Batch> {
  return await stage.batch(name).create([stage.repository(`${name}/api`)]);
}

async function wholeInOneTry(batch: Batch, repository: string): Promise<void> {
  const changeset = await batch.ends(repository, "Ready");
  expect(changeset.status.attempts).toMatchObject([{ try: 0, outcome: "Reported" }]);
  await expectWhole({ stage, batch, repository }, changeset);
}

async function imagesOf(repository: string): Promise<readonly string[]> {
  const pods = await podsOf(stage, repository);
  return [...new Set(pods.flatMap(({ spec }) => spec.containers.map(({ image }) => image)))];
}
