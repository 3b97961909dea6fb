import { promptName } from "@codybatch/crds";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resources } from "../cluster/resource.ts";
import { Bench, resultOf } from "./testing/bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const repository = (name: string) => ({ url: `https://github.com/acme/${name}` });

describe("the operator against the embedded server", () => {
  it("takes a repository from BatchChange to Ready, with everything in status", async () => {
    await bench.startOperator();
    await bench.apply("node-24", { repositories: [repository("api")] });
    const job = await bench.job("acme/api");
    await bench.run(job);
    await bench.phase("acme/api", "Running");
    await bench.finish(job);
    const { status } = await bench.phase("acme/api", "Ready");
    expect(status).toMatchObject({ reason: "PatchReady", diffStat: "+2 -1", usage: { costUSD: "0.25" }, chargedNanoUSD: 250_000_000 });
    expect(status).not.toHaveProperty("job");
    const batch = await bench.until("the batch to end", async () => {
      const found = await bench.batch("node-24");
      return found?.status?.phase === "Succeeded" && found;
    });
    expect(batch.status).toMatchObject({ progress: "1/1", usage: { costUSD: "0.25" }, counts: { ready: 1, pending: 0 } });
  });

  it("names a pod's failure and runs it again when the user asks", async () => {
    await bench.startOperator();
    await bench.apply("node-24", { repositories: [repository("api")] });
    const job = await bench.job("acme/api");
    await bench.run(job);
    await bench.finish(job, { reason: "SecretMissing", message: "The Secret anthropic does not exist." });
    const { status, metadata } = await bench.phase("acme/api", "Failed");
    expect(status?.message).toContain("kubectl -n team-a create secret generic anthropic --from-file=api-key=<file>");
    await bench.client.mergePatch(resources.changesets, "team-a", metadata.name, { spec: { attempt: 1 } });
    const second = await bench.job("acme/api", "1-0");
    await bench.run(second);
    await bench.finish(second);
    expect((await bench.phase("acme/api", "Ready")).status?.attempts?.map(({ reason }) => reason)).toEqual(["SecretMissing", "Reported"]);
  });

  it("tries again after a fault of the cluster, with the patch that was stored", async () => {
    await bench.startOperator();
    await bench.apply("node-24", { repositories: [repository("api")], budget: { maxCostUSD: 5 } });
    const job = await bench.job("acme/api");
    const pod = await bench.run(job);
    await bench.storeLive(job);
    await bench.client.mergePatch(resources.pods, "team-a", pod.metadata.name, { status: { reason: "Evicted" } }, "status");
    await bench.end(job, 137);
    const second = await bench.job("acme/api", "0-1");
    const input = JSON.parse(second.spec.template.metadata.annotations["codybatch.dev/input"]!);
    expect(input).toMatchObject({ try: 1, agent: { maxCostNanoUSD: 1_750_000_000 }, resume: { fromPod: `${job.metadata.name}-abcde` } });
    await bench.run(second);
    await bench.finish(second);
    const { status } = await bench.phase("acme/api", "Ready");
    expect(status?.attempts?.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      "InfrastructureFault Evicted",
      "Reported Reported",
    ]);
    expect(status?.chargedNanoUSD).toBe(2_250_000_000);
  });

  it("does not read a result that another pod wrote", async () => {
    await bench.startOperator();
    await bench.apply("node-24", { repositories: [repository("api")] });
    const job = await bench.job("acme/api");
    await bench.run(job);
    await bench.store(job, "uid-of-somebody-else", resultOf(), true);
    await bench.end(job, 0);
    expect((await bench.phase("acme/api", "Failed")).status?.reason).toBe("ResultLost");
  });

  it("finds the result of a Job that was deleted while no operator ran", async () => {
    await bench.startOperator();
    await bench.apply("node-24", { repositories: [repository("api")] });
    const job = await bench.job("acme/api");
    await bench.run(job);
    await bench.phase("acme/api", "Running");
    await bench.killOperator();
    await bench.finish(job);
    await bench.client.remove(resources.jobs, "team-a", job.metadata.name, job.metadata.uid);
    await bench.until("the Job to go", async () => (await bench.all(resources.jobs)).length === 0);
    await bench.startOperator();
    expect((await bench.phase("acme/api", "Ready")).status?.attempts).toHaveLength(1);
  });

  it("does not take over an object of somebody else, says so, and goes on when it is gone", async () => {
    await bench.apply("node-24", { repositories: [repository("api")] });
    const foreign = await bench.create(resources.configMaps, { metadata: { name: promptName("node-24", "Move to Node 24.") } });
    await bench.startOperator();
    await bench.until("the condition", async () => accepted(await bench.batch("node-24")) === "False NameTaken");
    await bench.client.remove(resources.configMaps, "team-a", foreign.metadata.name, foreign.metadata.uid);
    expect((await bench.job("acme/api")).metadata.name).toMatch(/-0-0$/);
    await bench.until("the condition", async () => accepted(await bench.batch("node-24")) === "True Valid");
  });

  it.each(["serviceaccounts", "rolebindings"])(
    "says that it may not make %s, asks again only after a while, and goes on when it may",
    async (plural) => {
      let [isForbidden, asked] = [true, 0];
      bench.fault = ({ method, path }) => {
        if (!isForbidden || method !== "POST" || !path.endsWith(`/${plural}`)) return undefined;
        asked += 1;
        return { kind: "answer", status: 403, reason: "Forbidden" };
      };
      await bench.startOperator({ env: { CODYBATCH_POLL_SECONDS: "1" } });
      await bench.apply("node-24", { repositories: [repository("api")] });
      const refused = await bench.until("the condition", async () => {
        const batch = await bench.batch("node-24");
        return accepted(batch) === "False AccessForbidden" && batch;
      });
      const message = refused.status?.conditions?.find(({ type }) => type === "Accepted")?.message;
      expect(message).toMatch(
        /may not read or make the (ServiceAccount|RoleBinding) codybatch-recorder in namespace team-a.*An administrator/,
      );
      expect(asked).toBeLessThan(3);
      isForbidden = false;
      await bench.job("acme/api");
      await bench.until("the condition", async () => accepted(await bench.batch("node-24")) === "True Valid");
    },
  );

  it("starts nothing while the API server has too much to do, as long as it says, and goes on by itself", async () => {
    let [refusedAt, startedAt] = [0, 0];
    bench.fault = ({ method, path }) => {
      if (method === "POST" && path.endsWith("/jobs")) startedAt = performance.now();
      if (method !== "POST" || !path.endsWith("/changesets") || refusedAt > 0) return undefined;
      refusedAt = performance.now();
      return { kind: "answer", status: 429, reason: "TooManyRequests", retryAfterSeconds: 2 };
    };
    await bench.startOperator();
    await bench.apply("node-24", { repositories: [repository("api")] });
    await bench.job("acme/api");
    expect(startedAt - refusedAt).toBeGreaterThan(1990);
  });

  it("waits while a policy refuses the Job", async () => {
    let refusals = 3;
    bench.fault = ({ method, path }) => {
      if (method !== "POST" || !path.endsWith("/jobs") || refusals === 0) return undefined;
      refusals -= 1;
      return { kind: "answer", status: 403, reason: "Forbidden" };
    };
    await bench.startOperator();
    await bench.apply("node-24", { repositories: [repository("api")] });
    await bench.until("the wait", async () => (await bench.changesets())[0]?.status?.reason === "PodRefused");
    await bench.job("acme/api");
    expect(refusals).toBe(0);
  });

  it("makes the other Changesets while the API server takes its time over one", async () => {
    let asked = 0;
    bench.fault = ({ method, path }) => {
      if (method !== "POST" || !path.endsWith("/changesets")) return undefined;
      asked += 1;
      return asked === 1 ? { kind: "delay", milliseconds: 3000 } : undefined;
    };
    await bench.startOperator();
    await bench.apply("node-24", { repositories: ["a", "b", "c", "d", "e"].map(repository) });
    const made = await bench.until("the others", async () => {
      const changesets = await bench.changesets();
      return changesets.length >= 4 && changesets;
    });
    expect(made.map(({ spec }) => spec.repository.name).toSorted()).toEqual(["acme/b", "acme/c", "acme/d", "acme/e"]);
  });

  it("starts the first Jobs before it writes the batch's status, and looks at their access once", async () => {
    const asked: string[] = [];
    bench.fault = ({ method, path }) => {
      asked.push(`${method} ${path.split("/team-a/")[1]}`);
      return undefined;
    };
    await bench.startOperator();
    await bench.apply("node-24", { repositories: ["a", "b", "c"].map(repository) });
    await bench.until("the status", async () => (await bench.batch("node-24"))?.status?.observedGeneration === 1);
    expect(asked.indexOf("PATCH batchchanges/node-24/status")).toBeGreaterThan(asked.lastIndexOf("POST jobs"));
    expect(asked.filter((one) => one === "POST jobs")).toHaveLength(3);
    expect(asked.filter((one) => one.startsWith("GET serviceaccounts/"))).toHaveLength(1);
  });

  it("takes the prompt from a ConfigMap once it is there, and keeps the copy", async () => {
    await bench.startOperator();
    const promptFrom = { configMapKeyRef: { name: "prompts", key: "node" } };
    await bench.apply("node-24", { prompt: null, promptFrom, repositories: [repository("api")] });
    await bench.until("the condition", async () => accepted(await bench.batch("node-24")) === "False PromptMissing");
    await bench.create(resources.configMaps, { metadata: { name: "prompts" }, data: { node: "Move ${repository.nmae}." } } as never);
    await bench.until("the refusal", async () => accepted(await bench.batch("node-24")) === "False PromptInvalid");
    await bench.client.mergePatch(resources.configMaps, "team-a", "prompts", { data: { node: "Move on." } });
    await bench.job("acme/api");
    const copy = (await bench.all(resources.configMaps)).find(({ metadata }) => metadata.name.startsWith("node-24-prompt-"));
    expect(copy).toMatchObject({ immutable: true, data: { prompt: "Move on." } });
  });

  it("stops what runs when the user cancels", async () => {
    await bench.startOperator();
    await bench.apply("node-24", { repositories: [repository("api")] });
    const job = await bench.job("acme/api");
    await bench.run(job);
    await bench.edit("node-24", { cancel: true });
    await bench.until("the stop", async () => (await bench.job("acme/api")).spec.suspend === true);
    await bench.setPod(`${job.metadata.name}-abcde`, "Failed", { terminated: { exitCode: 143, finishedAt: new Date().toISOString() } });
    await bench.setJob(job.metadata.name, { active: 0 });
    expect((await bench.phase("acme/api", "Cancelled")).status?.reason).toBe("CancelRequested");
    await bench.until("the Job to go", async () => (await bench.all(resources.jobs)).length === 0);
  });

  it("does as much when the BatchChange is deleted and made again under the same name", async () => {
    await bench.startOperator();
    const first = await bench.apply("node-24", { repositories: [repository("api")] });
    await bench.job("acme/api");
    await bench.client.remove(resources.batchChanges, "team-a", "node-24", first.metadata.uid);
    await bench.apply("node-24", { repositories: [repository("api")] });
    const owner = await bench.until("a new Changeset", async () => {
      const found = (await bench.changesets()).find(({ metadata }) => metadata.ownerReferences?.[0]?.uid !== first.metadata.uid);
      return found?.metadata.name;
    });
    await bench.until("the old Job to go", async () => (await bench.all(resources.jobs)).length === 1);
    const [job] = await bench.all(resources.jobs);
    expect(job?.metadata.name).toBe(`${owner}-0-0`);
  });
});

function accepted(batch: Awaited<ReturnType<Bench["batch"]>>): string {
  const found = batch?.status?.conditions?.find(({ type }) => type === "Accepted");
  return `${found?.status} ${found?.reason}`;
}
