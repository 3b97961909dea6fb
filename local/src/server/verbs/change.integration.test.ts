import { describe, expect, it } from "vitest";
import { batchChange, changeset, configMap, job, path, pod } from "../testing/objects.ts";
import { freshServer } from "../testing/running.ts";

const running = freshServer();
const json = "application/json-patch+json";
const strategic = "application/strategic-merge-patch+json";

describe("update", () => {
  it("refuses an object that was read before another write", async () => {
    const { body } = await running.client.post(path.configMaps, configMap("a"));
    await running.client.patch(`${path.configMaps}/a`, { data: { x: "1" } });
    const { code, body: status } = await running.client.put(`${path.configMaps}/a`, body);
    expect([code, status.reason]).toEqual([409, "Conflict"]);
    expect(status.message).toMatch(/^Operation cannot be fulfilled on configmaps "a": the object has been modified/);
  });

  it("of our kinds needs a resourceVersion", async () => {
    await running.client.post(path.batchChanges, batchChange("b"));
    const { code, body } = await running.client.put(`${path.batchChanges}/b`, batchChange("b"));
    expect([code, body.message]).toEqual([422, expect.stringContaining("metadata.resourceVersion: Invalid value: 0: must be specified")]);
  });

  it("refuses another name or another object of the same name", async () => {
    await running.client.post(path.configMaps, configMap("a"));
    expect((await running.client.put(`${path.configMaps}/a`, configMap("b"))).code).toBe(400);
    expect((await running.client.put(`${path.configMaps}/a`, configMap("a", {}, { uid: "other" }))).code).toBe(409);
  });

  it("that changes nothing is no write", async () => {
    const { body } = await running.client.post(path.batchChanges, batchChange("b"));
    const again = await running.client.put(`${path.batchChanges}/b`, body);
    expect(again.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
  });

  it("cannot change what the server owns", async () => {
    const { body } = await running.client.post(path.batchChanges, batchChange("b"));
    const forged = {
      ...body.metadata,
      creationTimestamp: "2000-01-01T00:00:00Z",
      generation: 99,
      deletionTimestamp: "2000-01-01T00:00:00Z",
    };
    const { body: after } = await running.client.put(`${path.batchChanges}/b`, { ...body, metadata: forged });
    expect(after.metadata).toEqual(body.metadata);
  });
});

describe("patch", () => {
  it("merges, and null takes out", async () => {
    await running.client.post(path.configMaps, configMap("a", { data: { x: "1", y: "2" } }));
    const { body } = await running.client.patch(`${path.configMaps}/a`, { data: { x: null, z: "3" } });
    expect(body["data"]).toEqual({ y: "2", z: "3" });
  });

  it("applies JSON patches, and refuses one whose test fails", async () => {
    await running.client.post(path.configMaps, configMap("a", { data: { x: "1" } }));
    const replaced = await running.client.patch(`${path.configMaps}/a`, [{ op: "replace", path: "/data/x", value: "2" }], json);
    expect(replaced.body["data"]).toEqual({ x: "2" });
    const tested = await running.client.patch(`${path.configMaps}/a`, [{ op: "test", path: "/data/x", value: "1" }], json);
    expect([tested.code, tested.body.reason]).toEqual([422, "Invalid"]);
  });

  it("merges lists of built-in kinds by their key when it is strategic", async () => {
    await running.client.post(path.pods, pod("p"));
    const patched = { status: { conditions: [{ type: "Ready", status: "True" }] } };
    await running.client.patch(`${path.pods}/p/status`, patched, strategic);
    const { body } = await running.client.patch(
      `${path.pods}/p/status`,
      { status: { conditions: [{ type: "Initialized", status: "True" }] } },
      strategic,
    );
    expect(body["status"]).toMatchObject({ conditions: [{ type: "Ready" }, { type: "Initialized" }] });
  });

  it.each([
    ["strategic", strategic, "application/merge-patch+json"],
    ["plain JSON", "application/json", "application/merge-patch+json"],
    ["server-side apply", "application/apply-patch+yaml", "does not do server-side apply"],
  ])("of our kinds refuses %s with 415", async (_name, type, says) => {
    await running.client.post(path.batchChanges, batchChange("b"));
    const { code, body } = await running.client.patch(`${path.batchChanges}/b`, { spec: {} }, type);
    expect([code, body.message]).toEqual([415, expect.stringContaining(says)]);
  });

  it("with a resourceVersion is refused when that is not the present one", async () => {
    await running.client.post(path.configMaps, configMap("a"));
    expect((await running.client.patch(`${path.configMaps}/a`, { metadata: { resourceVersion: "1" } })).code).toBe(409);
  });

  it("counts generation with spec only", async () => {
    await running.client.post(path.batchChanges, batchChange("b"));
    const generations = [
      await running.client.patch(`${path.batchChanges}/b`, { metadata: { labels: { a: "b" } } }),
      await running.client.patch(`${path.batchChanges}/b/status`, { status: { phase: "Running" } }),
      await running.client.patch(`${path.batchChanges}/b`, { spec: { parallelism: 7 } }),
    ].map(({ body }) => body.metadata.generation);
    expect(generations).toEqual([1, 1, 2]);
  });

  it("keeps spec and status apart", async () => {
    await running.client.post(path.batchChanges, batchChange("b"));
    const sent = { spec: { parallelism: 9 }, status: { phase: "Running" }, metadata: { labels: { a: "b" } } };
    const byStatus = (await running.client.patch(`${path.batchChanges}/b/status`, sent)).body;
    expect(byStatus).toMatchObject({ spec: { parallelism: 5 }, status: { phase: "Running" } });
    expect(byStatus.metadata.labels).toBeUndefined();
    const bySpec = (await running.client.patch(`${path.batchChanges}/b`, { ...sent, status: { phase: "Failed" } })).body;
    expect(bySpec).toMatchObject({ spec: { parallelism: 9 }, status: { phase: "Running" }, metadata: { labels: { a: "b" } } });
  });

  it("is met by the rules of @codybatch/crds about changes", async () => {
    await running.client.post(path.changesets, changeset("c"));
    const { code, body } = await running.client.patch(`${path.changesets}/c`, { spec: { repository: { name: "other/name" } } });
    expect([code, body.details.causes[0]?.field]).toEqual([422, "spec.repository"]);
  });

  it.each([
    ["an immutable ConfigMap's data", path.configMaps, configMap("o", { immutable: true, data: { a: "1" } }), { data: { a: "2" } }],
    ["its immutability", path.configMaps, configMap("o", { immutable: true }), { immutable: false }],
    ["a Job's template", path.jobs, job("o"), { spec: { template: { spec: { terminationGracePeriodSeconds: 1 } } } }],
    ["a pod's containers", path.pods, pod("o"), { spec: { containers: [{ name: "other" }] } }],
  ])("refuses a change of %s", async (_name, at, object, change) => {
    await running.client.post(at, object);
    expect((await running.client.patch(`${at}/o`, change)).code).toBe(422);
  });
});
