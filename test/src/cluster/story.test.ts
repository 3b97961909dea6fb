import { delimiter } from "node:path";
import { recordName } from "@codybatch/crds";
import { afterAll, beforeAll, expect, onTestFailed, test } from "vitest";
import { command } from "../process/command.ts";
import { type Api, openApi } from "./api.ts";
import { Batch } from "./batch.ts";
import { installCRDs, kubectlEnvironment, must, startControlPlane, toolFolder } from "./control-plane.ts";
import { eventually } from "./deadline.ts";
import { end, makeNode, run, terminating } from "./kubelet.ts";
import { type OperatorProcess, startOperatorProcess } from "./operator-process.ts";
import { configMapOf, inputOf, type Pod } from "./pod.ts";
import { patchOf, storeFailed, storeInterrupted, storeLive, storeReported } from "./recorder.ts";

const namespace = "team-a";
const started = new AsyncDisposableStack();
let api: Api;
let kubeconfig: string;
let operator: OperatorProcess;

beforeAll(async () => {
  const plane = started.adopt(await startControlPlane(), ({ stop }) => stop());
  ({ kubeconfig } = plane);
  api = started.adopt(await openApi(kubeconfig), (opened) => opened.close());
  await installCRDs(plane);
  await makeNode(api);
  await makeNamespace("codybatch-system");
  await makeNamespace(namespace, { "pod-security.kubernetes.io/enforce": "restricted" });
  operator = started.adopt(startOperatorProcess(kubeconfig), async ({ stop }) => void (await stop()));
});
afterAll(() => started.disposeAsync());

test("three repositories end as Ready, NoChange and Failed, and the batch says so", async () => {
  const batch = batchOf("outcomes");
  await batch.create(["changed", "fine", "stuck"]);
  const [changed, fine, stuck] = await Promise.all(["changed", "fine", "stuck"].map((name) => batch.pod(name)));
  for (const pod of [changed!, fine!, stuck!]) await run(api, pod);
  expect((await batch.reaches("Running")).progress).toBe("0/3");
  const patch = await storeReported(api, changed!, "Node 24");
  await storeReported(api, fine!);
  await storeFailed(api, stuck!, "TurnsExhausted", "60 turns were not enough.");
  for (const pod of [changed!, fine!, stuck!]) await end(api, pod);

  const status = await batch.reaches("PartiallySucceeded");
  expect(status).toMatchObject({ progress: "3/3", counts: { ready: 1, noChange: 1, failed: 1 }, usage: { costUSD: "0.15" } });
  expect(status.conditions).toContainEqual(expect.objectContaining({ type: "Complete", status: "True", reason: "SomeFailed" }));
  const ready = await batch.ends("changed", "Ready");
  expect(ready.status).toMatchObject({ patch: { digest: patch!.digest }, diffStat: "+1 -1", result: { summary: "Node 24" } });
  expect(await shell(ready.status!.message!.split("Read it: ")[1]!)).toBe(patchOf("Node 24").bytes.toString());
  await batch.ends("fine", "NoChange");
  expect((await batch.ends("stuck", "Failed")).status).toMatchObject({ reason: "TurnsExhausted" });
});

test("a failed repository runs again with the command that its message gives", async () => {
  const batch = batchOf("again");
  await batch.create(["api"]);
  const first = await batch.pod("api");
  await storeFailed(api, first, "NotReported", "Claude did not report.");
  await end(api, first);
  const { status } = await batch.ends("api", "Failed");
  await shell(status!.message!.split("Run it again: ")[1]!);
  const second = await batch.pod("api", 1);
  expect(inputOf(second)).toMatchObject({ attempt: 1, try: 0 });
  await storeReported(api, second, "second");
  await end(api, second);
  const ready = await batch.ends("api", "Ready");
  expect(ready.status!.attempts!.map(({ attempt, outcome }) => ({ attempt, outcome }))).toEqual([
    { attempt: 0, outcome: "Failed" },
    { attempt: 1, outcome: "Reported" },
  ]);
  expect((await batch.reaches("Succeeded")).usage).toMatchObject({ costUSD: "0.10" });
});

test("suspend lets the running repository end and starts nothing new until it is lifted", async () => {
  const batch = batchOf("pause");
  await batch.create(["one", "two"], { parallelism: 1 });
  const first = await batch.pod("one");
  await run(api, first);
  await batch.edit({ suspend: true });
  await storeReported(api, first, "one");
  await end(api, first);
  expect(await batch.reaches("Suspended")).toMatchObject({ progress: "1/2", counts: { ready: 1, pending: 1 } });
  expect(await batch.jobs()).toHaveLength(1);
  await batch.edit({ suspend: false });
  const second = await batch.pod("two");
  await storeReported(api, second);
  await end(api, second);
  await batch.reaches("Succeeded");
});

test("cancel ends the running repository, keeps its patch and starts nothing more", async () => {
  const batch = batchOf("stop");
  await batch.create(["one", "two"], { parallelism: 1 });
  const pod = await batch.pod("one");
  await run(api, pod);
  await batch.edit({ cancel: true });
  await terminating(api, pod);
  const patch = await storeInterrupted(api, pod, "half");
  await end(api, pod, 143);
  const { status } = await batch.ends("one", "Cancelled");
  expect(status).toMatchObject({ reason: "CancelRequested", patch: { digest: patch.digest, ref: recordName.patch(pod.metadata.name) } });
  await batch.ends("two", "Cancelled");
  await batch.reaches("Cancelled");
  await eventually("the cancelled Job is gone", async () => (await batch.jobs()).length === 0 || undefined);
});

/** What nobody can say counts as spent: the whole of agent.maxCostUSD. */
const reservedNanoUSD = 2_000_000_000;

test.each([
  {
    way: "in its grace",
    name: "evicted",
    ref: recordName.patch,
    reason: "PodDeleted",
    chargedNanoUSD: 50_000_000,
    die: async (pod: Pod) => {
      await deletePod(pod);
      const patch = await storeInterrupted(api, pod, "half");
      await end(api, pod, 143);
      return patch;
    },
  },
  {
    way: "by force, so that only what was live is left,",
    name: "forced",
    ref: recordName.live,
    reason: "PodDeleted",
    chargedNanoUSD: reservedNanoUSD,
    die: async (pod: Pod) => {
      const patch = await storeLive(api, pod, "half");
      await deletePod(pod, "?gracePeriodSeconds=0");
      await end(api, pod, 137);
      return patch;
    },
  },
  {
    way: "while its node is silent",
    name: "silent",
    ref: recordName.live,
    reason: "NodeLost",
    chargedNanoUSD: reservedNanoUSD,
    die: async (pod: Pod) => {
      const patch = await storeLive(api, pod, "half");
      await deletePod(pod, "?gracePeriodSeconds=0");
      return patch;
    },
  },
])("a pod deleted $way is followed by a try that goes on from its patch", async ({ name, ref, die, reason, chargedNanoUSD }) => {
  const batch = batchOf(name);
  await batch.create(["api"], { agent: { maxCostUSD: "2.00" }, budget: { maxCostUSD: "4.00" } });
  const first = await batch.pod("api");
  await run(api, first);
  const { digest, baseCommit } = await die(first);
  const second = await batch.pod("api", 0, 1);
  const fromPod = first.metadata.name;
  expect(inputOf(second)).toMatchObject({ try: 1, resume: { digest, baseCommit, fromPod } });
  expect(configMapOf(second, "resume")).toBe(ref(fromPod));
  await storeReported(api, second, "whole");
  await end(api, second);
  const { status } = await batch.ends("api", "Ready");
  expect(status!.attempts!).toMatchObject([
    { outcome: "InfrastructureFault", reason, chargedNanoUSD },
    { outcome: "Reported", chargedNanoUSD: 50_000_000 },
  ]);
});

test("an operator killed in mid-run is followed by one that finds everything and starts nothing twice", async () => {
  const batch = batchOf("restart");
  await batch.create(["one", "two"], { parallelism: 1 });
  const first = await batch.pod("one");
  await run(api, first);
  await batch.reaches("Running");
  await operator.kill();
  await storeReported(api, first, "one");
  await end(api, first);
  operator = started.adopt(startOperatorProcess(kubeconfig), async ({ stop }) => void (await stop()));
  await batch.ends("one", "Ready");
  const second = await batch.pod("two");
  await storeReported(api, second);
  await end(api, second);
  await batch.reaches("Succeeded");
  expect(await batch.jobs()).toHaveLength(2);
});

test("deleting a BatchChange in mid-run leaves nothing, and its name can be used again", async () => {
  const batch = batchOf("gone");
  await batch.create(["one", "two"], { parallelism: 1 });
  const first = await batch.pod("one");
  await storeReported(api, first, "one");
  await end(api, first);
  const second = await batch.pod("two");
  await run(api, second);
  await storeLive(api, second, "half");
  const before = await batch.changesets();
  await batch.remove();
  await terminating(api, second);
  await end(api, second, 143);
  await eventually("nothing is left", async () => (await batch.remains()).length === 0 || undefined, { instead: () => before });
  await batch.create(["one"]);
  const again = await batch.changeset("one");
  expect(before.map(({ metadata }) => metadata.name)).not.toContain(again.metadata.name);
  const pod = await batch.pod("one");
  await storeReported(api, pod);
  await end(api, pod);
  await batch.reaches("Succeeded");
});

test("the operator ends in order when it is asked to", async () => {
  expect(await operator.stop()).toBe(0);
});

function batchOf(name: string): Batch {
  onTestFailed(() => console.error(operator.log()));
  return new Batch(api, namespace, name);
}

async function deletePod({ metadata: { name } }: Pod, query = ""): Promise<void> {
  await api.must("DELETE", `/api/v1/namespaces/${namespace}/pods/${name}${query}`);
}

async function makeNamespace(name: string, labels: object = {}): Promise<void> {
  await api.must("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
}

/** Runs a command line as a user would who pastes it. */
async function shell(line: string): Promise<string> {
  const env = { ...kubectlEnvironment(kubeconfig), PATH: `${await toolFolder()}${delimiter}${process.env["PATH"]}` };
  return must(await command("sh", ["-c", line], { env }));
}
