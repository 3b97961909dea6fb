import { describe, expect, it } from "vitest";
import { configMap, path, pod } from "../testing/objects.ts";
import { freshServer } from "../testing/running.ts";

const running = freshServer();

describe("delete", () => {
  it("answers with the UID of what it removed", async () => {
    const { body } = await running.client.post(path.configMaps, configMap("a"));
    const removed = await running.client.remove(`${path.configMaps}/a`);
    expect(removed.body).toMatchObject({ status: "Success", details: { name: "a", kind: "configmaps", uid: body.metadata.uid } });
    expect((await running.client.remove(`${path.configMaps}/a`)).code).toBe(404);
  });

  it.each([
    ["", { dryRun: ["All"] }],
    ["?dryRun=All", undefined],
  ])("removes nothing on a dry run (%s %o)", async (query, options) => {
    await running.client.post(path.configMaps, configMap("a"));
    expect((await running.client.remove(`${path.configMaps}/a${query}`, options)).code).toBe(200);
    expect((await running.client.remove(`${path.configMaps}${query}`, options)).code).toBe(200);
    expect((await running.client.get(`${path.configMaps}/a`)).code).toBe(200);
  });

  it.each([{ uid: "other" }, { resourceVersion: "1" }])("refuses when %o does not hold", async (preconditions) => {
    await running.client.post(path.configMaps, configMap("a"));
    expect((await running.client.remove(`${path.configMaps}/a`, { preconditions })).code).toBe(409);
    expect((await running.client.get(`${path.configMaps}/a`)).code).toBe(200);
  });

  it("waits for finalizers, admits no new ones, and removes with the last", async () => {
    await running.client.post(path.configMaps, configMap("a", {}, { finalizers: ["x.y/z"] }));
    const marked = await running.client.remove(`${path.configMaps}/a`);
    expect(marked.body.metadata).toHaveProperty("deletionTimestamp");
    expect((await running.client.patch(`${path.configMaps}/a`, { metadata: { finalizers: ["x.y/z", "n.e/w"] } })).code).toBe(422);
    await running.client.patch(`${path.configMaps}/a`, { metadata: { finalizers: null } });
    expect((await running.client.get(`${path.configMaps}/a`)).code).toBe(404);
  });

  it("lets a pod on a node keep its grace until somebody deletes it with 0", async () => {
    await running.client.post(path.pods, pod("p", { nodeName: "here", terminationGracePeriodSeconds: 120 }));
    const { body } = await running.client.remove(`${path.pods}/p`);
    expect(body.metadata["deletionGracePeriodSeconds"]).toBe(120);
    const again = await running.client.remove(`${path.pods}/p`, { gracePeriodSeconds: 5 });
    expect(again.body.metadata["deletionGracePeriodSeconds"]).toBe(5);
    await running.client.remove(`${path.pods}/p`, { gracePeriodSeconds: 0 });
    expect((await running.client.get(`${path.pods}/p`)).code).toBe(404);
  });

  it.each([
    ["was never placed", {}, {}],
    ["has ended", { nodeName: "here" }, { phase: "Succeeded" }],
  ])("removes a pod that %s at once", async (_what, spec, status) => {
    await running.client.post(path.pods, pod("p", spec));
    await running.client.patch(`${path.pods}/p/status`, { status });
    await running.client.remove(`${path.pods}/p`);
    expect((await running.client.get(`${path.pods}/p`)).code).toBe(404);
  });

  it("of a collection takes what the selector matches", async () => {
    await running.client.post(path.configMaps, configMap("a", {}, { labels: { k: "1" } }));
    await running.client.post(path.configMaps, configMap("b", {}, { labels: { k: "2" } }));
    const { body } = await running.client.remove(`${path.configMaps}?labelSelector=k%3D1`);
    expect(body.items.map((item) => item.metadata.name)).toEqual(["a"]);
    expect((await running.client.get(path.configMaps)).body.items.map((item) => item.metadata.name)).toEqual(["b"]);
  });
});
