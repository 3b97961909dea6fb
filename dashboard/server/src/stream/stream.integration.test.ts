import { recordKey, recordName } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import { expect, it } from "vitest";
import { paths, urlOf } from "@codybatch/dashboard-contract";
import { Ear } from "../testing/ear.ts";
import { at, eventually, gz, stages, type Stage } from "../testing/stage.ts";

const open = stages();

async function withBatch(env: Record<string, string> = {}): Promise<Stage> {
  const stage = await open(env);
  await stage.batch("team-a", "node-24", {
    status: { phase: "Running", usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, costUSD: "1.00" } },
  });
  await stage.changeset("team-a", "node-24-1", "node-24", { status: { phase: "Running" } });
  await eventually(
    "it is listed",
    async () => (await stage.get(urlOf("repositories", { params: { namespace: "team-a", name: "node-24" } }))).body?.total === 1,
  );
  return stage;
}

const setPhase = (stage: Stage, phase: string, name = "node-24", namespace = "team-a") =>
  stage.client.mergePatch(resources.batchChanges, namespace, name, { status: { phase } }, "status");

it("begins with a snapshot and then tells what changes", async () => {
  const stage = await withBatch();
  const ear = await Ear.open(stage, "batches,batch:team-a/node-24");
  expect(await ear.until("snapshot", ({ topic }) => topic === "batches")).toMatchObject({ visible: 1, resumed: false });
  expect(await ear.until("snapshot", ({ topic }) => topic !== "batches")).toMatchObject({ batch: { phase: "Running" } });
  await setPhase(stage, "Succeeded");
  await ear.until("batch", ({ topic, row }) => topic === "batches" && row.phase === "Succeeded");
  await ear.until("batch", ({ topic, row }) => topic === "batch:team-a/node-24" && row.phase === "Succeeded");
  await stage.client.mergePatch(resources.changesets, "team-a", "node-24-1", { status: { phase: "Failed", reason: "Stuck" } }, "status");
  await ear.until("repository", ({ row }) => row.reason === "Stuck");
  await stage.batch("team-a", "second");
  await ear.until("batch", ({ row }) => row.name === "second");
  ear.close();
});

it("can pass a proxy: nothing is held back, changed or kept, and it beats", async () => {
  const stage = await withBatch({ CODYBATCH_DASHBOARD_HEARTBEAT_SECONDS: "0.05" });
  const ear = await Ear.open(stage, "batches");
  expect(ear.headers.get("x-accel-buffering")).toBe("no");
  expect(ear.headers.get("cache-control")).toBe("no-cache, no-transform");
  expect([ear.headers.get("content-type"), ear.headers.get("content-encoding")]).toEqual(["text/event-stream; charset=utf-8", null]);
  await eventually("two beats", () => ear.beats >= 2);
  ear.close();
});

it("goes on where it broke, with what changed in between and nothing else", async () => {
  const stage = await withBatch();
  await stage.batch("team-a", "other");
  const first = await Ear.open(stage, "batches");
  await first.until("snapshot");
  await setPhase(stage, "Succeeded");
  await first.until("batch", ({ row }) => row.phase === "Succeeded");
  const lastEventID = first.lastID ?? "";
  first.close();
  await setPhase(stage, "Failed");
  await eventually("the server knows", async () =>
    (await stage.get(paths.batches)).body.facets.phase.some(({ value }: { value: string }) => value === "Failed"),
  );
  const second = await Ear.open(stage, "batches", { lastEventID });
  expect((await second.until("snapshot")).resumed).toBe(true);
  await second.until("batch", ({ row }) => row.name === "node-24" && row.phase === "Failed");
  expect(second.of("batch").map((message) => message.kind === "batch" && message.row.name)).toEqual(["node-24"]);
  second.close();
});

it.each(["00000000-5", "nonsense", "../..", "00000000-99999999999999999999"])(
  "says so when it cannot go on after %s",
  async (lastEventID) => {
    const stage = await withBatch();
    const ear = await Ear.open(stage, "batches", { lastEventID });
    expect((await ear.until("snapshot")).resumed).toBe(false);
    ear.close();
  },
);

it("tells many changes of one object as few messages, the last state among them", async () => {
  const stage = await withBatch({ CODYBATCH_DASHBOARD_COALESCE_SECONDS: "0.4" });
  const ear = await Ear.open(stage, "batches");
  await ear.until("snapshot");
  for (let index = 0; index < 30; index += 1) await setPhase(stage, index % 2 === 0 ? "Suspended" : "Running");
  await setPhase(stage, "Cancelled");
  await ear.until("batch", ({ row }) => row.phase === "Cancelled");
  expect(ear.of("batch").length).toBeLessThan(12);
  ear.close();
});

it("lets each hear what they may: no other namespace, no costs, and a refusal in words", async () => {
  const stage = await withBatch();
  await stage.batch("team-b", "secret-plan");
  await eventually("both are there", async () => (await stage.get(paths.batches)).body.total === 2);
  const ear = await Ear.open(stage, "batches,batch:team-b/secret-plan,batches:team-b", { as: "viewer" });
  expect(await ear.until("snapshot")).toMatchObject({ topic: "batches", visible: 1 });
  await ear.until("refused", ({ topic, error }) => topic === "batch:team-b/secret-plan" && error.kind === "NotFound");
  await ear.until("refused", ({ topic, error }) => topic === "batches:team-b" && error.kind === "Forbidden");
  await setPhase(stage, "Failed", "secret-plan", "team-b");
  await setPhase(stage, "Succeeded");
  await ear.until("batch", ({ row }) => row.phase === "Succeeded");
  const all = JSON.stringify(ear.heard);
  expect([all.includes("costUSD"), all.includes("budgetUSD"), ear.of("batch").length]).toEqual([false, false, 1]);
  ear.close();
});

it("says that a running transcript grows", async () => {
  const stage = await open();
  await stage.batch("team-a", "node-24");
  const pod = "node-24-1-0-1-abcde";
  const status = { phase: "Running", job: "node-24-1-0-1", pod: { name: pod, uid: "pod-uid" } };
  const owner = await stage.changeset("team-a", "node-24-1", "node-24", { status });
  await eventually(
    "it is listed",
    async () => (await stage.get(urlOf("repositories", { params: { namespace: "team-a", name: "node-24" } }))).body?.total === 1,
  );
  const ear = await Ear.open(stage, "repository:team-a/node-24-1");
  await ear.until("snapshot", ({ repository }) => repository?.phase === "Running");
  const live = recordName.live(pod);
  const record = (events: number) =>
    JSON.stringify({ version: 1, ended: "Running", transcript: { refs: [live], events, bytes: 1, truncated: false } });
  await stage.record(owner, "live", {
    name: live,
    data: { [recordKey.record]: record(1) },
    binary: gz.transcript([{ kind: "x", at: at(0), turn: 0 }]),
  });
  await ear.until("transcript", ({ events }) => events === 1);
  await stage.client.mergePatch(resources.configMaps, "team-a", live, { data: { [recordKey.record]: record(2) } });
  expect(await ear.until("transcript", ({ events }) => events === 2)).toMatchObject({ topic: "repository:team-a/node-24-1" });
  ear.close();
});

it("tells of the end of an object", async () => {
  const stage = await withBatch();
  const ear = await Ear.open(stage, "batch:team-a/node-24");
  await ear.until("snapshot");
  const uid = (await stage.client.get(resources.batchChanges, "team-a", "node-24"))?.metadata.uid ?? "";
  await stage.client.remove(resources.batchChanges, "team-a", "node-24", uid);
  expect(await ear.until("gone", ({ what }) => what === "batch")).toMatchObject({ namespace: "team-a", name: "node-24" });
  ear.close();
});

it("ends every stream with a hint to come back when the server stops", async () => {
  const stage = await withBatch();
  const ear = await Ear.open(stage, "batches");
  await ear.until("snapshot");
  await stage.dashboard.stop();
  expect(await ear.until("end")).toMatchObject({ reason: "Shutdown" });
  await eventually("it is closed", () => ear.ended);
  await stage.client.close();
});

it("ends a stream whose token is over", async () => {
  let later = 0;
  const clock = (): Date => new Date(Date.now() + later);
  const quick = { CODYBATCH_DASHBOARD_TOKEN_CACHE_SECONDS: "0.01", CODYBATCH_DASHBOARD_RIGHTS_CACHE_SECONDS: "0.05" };
  const stage = await open(quick, { clock });
  await stage.create(resources.serviceAccounts, "team-a", { metadata: { name: "reader" } });
  const made = await fetch(`${stage.api.url}/api/v1/namespaces/team-a/serviceaccounts/reader/token`, {
    method: "POST",
    body: JSON.stringify({ spec: { expirationSeconds: 600 } }),
    headers: { "content-type": "application/json" },
  });
  const { status } = (await made.json()) as { status: { token: string } };
  const ear = await Ear.open(stage, "batches", { as: status.token });
  await ear.until("snapshot").catch(() => undefined);
  later = 700_000;
  expect(await ear.until("end")).toMatchObject({ reason: "SessionExpired" });
});

it("refuses topics that are none, and more streams than there may be", async () => {
  const stage = await withBatch({ CODYBATCH_DASHBOARD_MOST_STREAMS: "1" });
  for (const topics of [
    "",
    "pods",
    "batch:team-a",
    "batch:../x/y",
    "batches:a/b",
    Array.from({ length: 21 }, (_none, index) => `batch:a/b${index}`).join(","),
  ]) {
    expect([topics, (await stage.get(`${paths.stream}?topics=${topics}`)).status]).toEqual([topics, 400]);
  }
  const ear = await Ear.open(stage, "batches");
  expect((await stage.get(`${paths.stream}?topics=batches`)).status).toBe(503);
  ear.close();
  await eventually("there is room again", async () => {
    const again = await Ear.open(stage, "batches").catch(() => undefined);
    again?.close();
    return again !== undefined;
  });
});
