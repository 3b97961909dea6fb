import { resources } from "@codybatch/operator";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { must } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/deadline.ts";
import { isTurn } from "../local-mode/claude.ts";
import type { Hold } from "../local-mode/gate.ts";
import type { Batch } from "../story/batch.ts";
import { changes, reads, reports, scenario } from "../story/model.ts";
import { tasksIn } from "./cluster.ts";
import { agentRuns } from "./pod.ts";
import { Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open({
    name: "deletion",
    values: { jobs: { running: 2, terminationGrace: "20s" } },
    scenarios: [
      scenario("fine", { repository: "*/fine" }, reports(false, "Nothing to do")),
      scenario("stuck", { repository: "*/stuck" }, reads("a.txt"), { say: "I give up." }),
      scenario("any", {}, ...changes()),
    ],
  });
});
afterAll(() => stage.close());
afterEach(({ task }) => stage.tellFailure(task));

async function apply(name: string, repositories: readonly string[], spec: object = {}): Promise<Batch> {
  const urls = repositories.map((repository) => stage.repository(`${name}/${repository}`));
  return stage.batch(name).create(urls, spec);
}

/** The agent of the repository waits for Claude's second answer. */
async function midTurn(repository: string): Promise<Hold> {
  const held = stage.claude.hold("before", isTurn(repository, 1));
  await held.reached();
  await agentRuns(stage, repository);
  return held;
}

/** What the users' namespace holds of ours, and what runs on the node for it. */
async function left(): Promise<readonly string[]> {
  const kinds = "batchchanges,changesets,jobs,pods,configmaps";
  const { stdout } = await stage.kubectl("get", kinds, "-o", "name");
  const objects = stdout.split("\n").filter((name) => name !== "" && name !== "configmap/kube-root-ca.crt");
  return [...objects, ...(await tasksIn(stage.cluster, stage.namespace))];
}

/** The same after a wait that ends as soon as there is nothing. */
async function leftAtLast(): Promise<readonly string[]> {
  let last: readonly string[] = [];
  const look = async (): Promise<true | undefined> => {
    last = await left();
    return last.length === 0 ? true : undefined;
  };
  await eventually("nothing is left", look, { seconds: 180 }).catch(() => undefined);
  return last;
}

test("a BatchChange deleted in any phase leaves no object, and no process on the node", async () => {
  const ended = [
    (await apply("succeeded", ["fine"])).reaches("Succeeded"),
    (await apply("failed", ["stuck"])).reaches("Failed"),
    (await apply("waiting", ["api"], { publish: { policy: "OnApproval" } })).reaches("AwaitingApproval"),
    (await apply("suspended", ["api"], { suspend: true })).reaches("Suspended"),
    (await apply("cancelled", ["api"], { suspend: true, cancel: true })).reaches("Cancelled"),
  ];
  await Promise.all(ended);
  await apply("running", ["one", "two"]);
  await Promise.all(["running/one", "running/two"].map(midTurn));
  const pending = await apply("pending", ["api"]);
  await pending.ends("pending/api", "Pending", "WaitingForSlot");
  expect(await tasksIn(stage.cluster, stage.namespace)).not.toEqual([]);
  const names = ["succeeded", "failed", "waiting", "suspended", "cancelled", "running", "pending"];
  await stage.kubectl("delete", "batchchange", ...names, "--timeout=120s");
  expect(await leftAtLast()).toEqual([]);
});

test("deleted in mid-run and applied again under its name, a BatchChange begins anew and takes over nothing", async () => {
  const running = midTurn("again/api");
  const batch = await apply("again", ["api"]);
  await running;
  const [old] = await batch.changesets();
  await batch.remove();
  await batch.create([old!.spec.repository.url]);
  const ready = await batch.ends("again/api", "Ready");
  expect(ready.metadata.name).not.toBe(old!.metadata.name);
  expect(ready.status.attempts).toHaveLength(1);
  const done = await batch.reaches("Succeeded");
  expect(done).toMatchObject({ progress: "1/1", counts: { ready: 1, removed: 0 }, usage: ready.status.usage });
  await eventually("the old one is gone", async () => {
    const names = [...(await batch.changesets()), ...(await batch.configMaps())].map(({ metadata }) => metadata.name);
    return names.some((name) => name.startsWith(old!.metadata.name)) ? undefined : true;
  });
  await batch.remove();
  expect(await leftAtLast()).toEqual([]);
});

test("after ttlSecondsAfterFinished a BatchChange deletes itself with all that is its own", async () => {
  await apply("brief", ["fine"], { ttlSecondsAfterFinished: 1 });
  await eventually("the batch is gone", async () => ((await stage.api.batch("brief")) === undefined ? true : undefined));
  expect(await leftAtLast()).toEqual([]);
});

test("deleted with --cascade=orphan, a BatchChange leaves its Changesets to the administrator, and a new one of its name takes over nothing", async () => {
  const running = midTurn("orphan/api");
  const batch = await apply("orphan", ["api"]);
  const held = await running;
  await stage.kubectl("delete", "batchchange", "orphan", "--cascade=orphan");
  held.release();
  const [old] = await batch.changesets();
  await eventually("the Job ends by itself", async () => {
    const [job] = await stage.api.list(resources.jobs);
    return (job!["status"] as { active?: number }).active === undefined ? true : undefined;
  });
  await batch.create([old!.spec.repository.url], { prompt: "Do it anew." });
  const done = await batch.reaches("Succeeded");
  const [ready] = (await batch.changesets()).filter(({ metadata }) => metadata.name !== old!.metadata.name);
  expect(ready!.status!.attempts).toHaveLength(1);
  expect(done).toMatchObject({ progress: "1/1", counts: { ready: 1 }, usage: ready!.status!.usage });
  expect(Date.parse(done.startedAt!)).toBeGreaterThanOrEqual(Date.parse((await stage.api.batch("orphan"))!.metadata.creationTimestamp!));
  await batch.remove();
  expect((await batch.changesets()).map(({ metadata }) => metadata.uid)).toContain(old!.metadata.uid);
  await stage.kubectl("delete", "cset,configmap", "-l", "codybatch.dev/batch-change=orphan");
  expect(await leftAtLast()).toEqual([]);
});

test("a namespace deleted in mid-run goes without help, and nothing of it runs on", async () => {
  const running = midTurn("whole/api");
  await apply("whole", ["api", "fine"]);
  await running;
  must(await stage.site.kubectl(["delete", "namespace", stage.namespace, "--timeout=180s"]));
  expect(await leftAtLast()).toEqual([]);
});
