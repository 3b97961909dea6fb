import { describe, expect, it } from "vitest";
import type { KubeObject } from "../object.ts";
import { startServer } from "../server.ts";
import { Client, eventually } from "../testing/client.ts";
import { batchChange, changeset, configMap, namespace, owner, path, pod } from "../testing/objects.ts";
import { freshServer } from "../testing/running.ts";

const running = freshServer();

async function make(at: string, object: unknown): Promise<KubeObject> {
  const { code, body } = await running.client.post(at, object);
  expect(code).toBe(201);
  return body;
}

const gone = (at: string): Promise<unknown> =>
  eventually(
    () => running.client.get(at),
    (reply) => reply.code === 404,
  );

it("lets an Event expire that is not seen again", async () => {
  const server = await startServer({ eventTimeToLive: 1500 });
  const client = new Client(server.url);
  const event = { apiVersion: "v1", kind: "Event", involvedObject: { kind: "Pod", name: "p" } };
  const year = new Date().getFullYear() + 1;
  await client.post(path.events, { ...event, metadata: { name: "old" } });
  await client.post(path.events, { ...event, metadata: { name: "fresh" }, lastTimestamp: `${year}-01-01T00:00:00Z` });
  await eventually(
    () => client.get(`${path.events}/old`),
    (reply) => reply.code === 404,
  );
  expect((await client.get(`${path.events}/fresh`)).code).toBe(200);
  await server.close();
});

describe("the collector", () => {
  it("deletes dependents of dependents", async () => {
    const batch = await make(path.batchChanges, batchChange("b"));
    const change = await make(path.changesets, changeset("c", {}, { ownerReferences: [{ ...owner(batch), controller: true }] }));
    await make(path.configMaps, configMap("m", {}, { ownerReferences: [owner(change)] }));
    await make(path.configMaps, configMap("free"));
    await running.client.remove(`${path.batchChanges}/b`);
    await gone(`${path.configMaps}/m`);
    expect((await running.client.get(`${path.changesets}/c`)).code).toBe(404);
    expect((await running.client.get(`${path.configMaps}/free`)).code).toBe(200);
  });

  it("deletes what is made for an owner that is gone already, or was made anew", async () => {
    const first = await make(path.batchChanges, batchChange("b"));
    await running.client.remove(`${path.batchChanges}/b`);
    await make(path.batchChanges, batchChange("b"));
    await make(path.configMaps, configMap("late", {}, { ownerReferences: [owner(first)] }));
    expect(await gone(`${path.configMaps}/late`)).toMatchObject({ code: 404 });
  });

  it("only takes the reference off what another owner keeps", async () => {
    const [a, b] = [await make(path.configMaps, configMap("a")), await make(path.configMaps, configMap("b"))];
    await make(path.configMaps, configMap("shared", {}, { ownerReferences: [owner(a), owner(b)] }));
    await running.client.remove(`${path.configMaps}/a`);
    const { body } = await eventually(
      () => running.client.get(`${path.configMaps}/shared`),
      (reply) => reply.body.metadata.ownerReferences?.length === 1,
    );
    expect(body.metadata.ownerReferences?.[0]?.name).toBe("b");
  });

  it("leaves owners alone that are of kinds not served here", async () => {
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: "n", uid: "1" } };
    await make(path.configMaps, configMap("m", {}, { ownerReferences: [owner(node)] }));
    const doomed = await make(path.configMaps, configMap("doomed"));
    await make(path.configMaps, configMap("sign", {}, { ownerReferences: [owner(doomed)] }));
    await running.client.remove(`${path.configMaps}/doomed`);
    await gone(`${path.configMaps}/sign`);
    expect((await running.client.get(`${path.configMaps}/m`)).code).toBe(200);
  });

  it("holds a foreground deletion until the dependents that block it are gone", async () => {
    const batch = await make(path.batchChanges, batchChange("b"));
    const blocking = { ...owner(batch), blockOwnerDeletion: true };
    await make(path.pods, pod("p", { nodeName: "here" }, { ownerReferences: [blocking] }));
    await running.client.remove(`${path.batchChanges}/b`, { propagationPolicy: "Foreground" });
    await eventually(
      () => running.client.get(`${path.pods}/p`),
      (reply) => reply.body.metadata.deletionTimestamp !== undefined,
    );
    expect((await running.client.get(`${path.batchChanges}/b`)).body.metadata.finalizers).toEqual(["foregroundDeletion"]);
    await running.client.remove(`${path.pods}/p`, { gracePeriodSeconds: 0 });
    await gone(`${path.batchChanges}/b`);
  });

  it("orphans dependents when asked", async () => {
    const batch = await make(path.batchChanges, batchChange("b"));
    await make(path.configMaps, configMap("m", {}, { ownerReferences: [owner(batch)] }));
    await running.client.remove(`${path.batchChanges}/b`, { propagationPolicy: "Orphan" });
    await gone(`${path.batchChanges}/b`);
    expect((await running.client.get(`${path.configMaps}/m`)).body.metadata.ownerReferences).toEqual([]);
  });

  it("empties a deleted namespace, refuses new content meanwhile, and removes it at last", async () => {
    await make(path.namespaces, namespace("team-a"));
    const content = "/api/v1/namespaces/team-a";
    await make(`${content}/configmaps`, configMap("m"));
    await make(`${content}/pods`, pod("p", { nodeName: "here" }));
    const { body } = await running.client.remove(`${path.namespaces}/team-a`);
    expect(body["status"]).toEqual({ phase: "Terminating" });
    await gone(`${content}/configmaps/m`);
    expect((await running.client.post(`${content}/configmaps`, configMap("late"))).body.reason).toBe("Forbidden");
    await running.client.remove(`${content}/pods/p`, { gracePeriodSeconds: 0 });
    await gone(`${path.namespaces}/team-a`);
  });
});
