import { describe, expect, it } from "vitest";
import { changeset, configMap, namespace, path, pod } from "../testing/objects.ts";
import { freshServer } from "../testing/running.ts";

const running = freshServer({ history: { changes: 50, bytes: 1_000_000 } });

async function names(at: string): Promise<readonly string[]> {
  return (await running.client.get(at)).body.items.map((item) => item.metadata.name);
}

async function fill(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await running.client.post(path.configMaps, configMap(`a${index}`));
}

describe("list", () => {
  it("orders by namespace and name over all namespaces, or shows one", async () => {
    await running.client.post(path.namespaces, namespace("aa"));
    await running.client.post("/api/v1/namespaces/aa/configmaps", configMap("z"));
    await running.client.post(path.configMaps, configMap("b"));
    await running.client.post(path.configMaps, configMap("a"));
    expect(await names("/api/v1/configmaps")).toEqual(["z", "a", "b"]);
    expect(await names(path.configMaps)).toEqual(["a", "b"]);
  });

  it("keeps every page at the version of the first", async () => {
    await fill(5);
    const first = (await running.client.get(`${path.configMaps}?limit=2`)).body;
    expect(first.metadata.remainingItemCount).toBe(3);
    await running.client.remove(`${path.configMaps}/a3`);
    await running.client.post(path.configMaps, configMap("a31"));
    await running.client.patch(`${path.configMaps}/a4`, { data: { late: "1" } });
    const rest = (await running.client.get(`${path.configMaps}?limit=10&continue=${first.metadata.continue}`)).body;
    expect(rest.items.map((item) => item.metadata.name)).toEqual(["a2", "a3", "a4"]);
    expect(rest.items[2]?.["data"]).toBeUndefined();
    expect(rest.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  it("says 410 when a page is asked for too late, and 400 when its token is no token", async () => {
    await fill(5);
    const { body } = await running.client.get(`${path.configMaps}?limit=2`);
    for (let index = 0; index < 51; index += 1) await running.client.patch(`${path.configMaps}/a0`, { data: { index: String(index) } });
    expect((await running.client.get(`${path.configMaps}?limit=2&continue=${body.metadata.continue}`)).body.reason).toBe("Expired");
    expect((await running.client.get(`${path.configMaps}?limit=2&continue=xyz`)).code).toBe(400);
  });

  it("refuses a version that is still to come", async () => {
    expect((await running.client.get(`${path.configMaps}?resourceVersion=1000000`)).code).toBe(504);
  });

  it.each([
    ["labelSelector=k%3D1", ["a"]],
    ["labelSelector=k%21%3D1", ["b", "c"]],
    ["labelSelector=k", ["a", "b"]],
    ["labelSelector=%21k", ["c"]],
    ["labelSelector=k%20in%20(1,2),only", ["b"]],
    ["labelSelector=k%20notin%20(1)", ["b", "c"]],
    ["fieldSelector=metadata.name%3Db", ["b"]],
    ["fieldSelector=metadata.name!%3Db,metadata.namespace%3Ddefault", ["a", "c"]],
  ])("selects by %s", async (query, expected) => {
    await running.client.post(path.configMaps, configMap("a", {}, { labels: { k: "1" } }));
    await running.client.post(path.configMaps, configMap("b", {}, { labels: { k: "2", only: "" } }));
    await running.client.post(path.configMaps, configMap("c"));
    expect(await names(`${path.configMaps}?${query}`)).toEqual(expected);
  });

  it("selects by the fields that each kind offers", async () => {
    await running.client.post(path.changesets, changeset("c1"));
    await running.client.post(path.changesets, changeset("c2", { batchChange: "other" }));
    await running.client.post(path.pods, pod("p", { nodeName: "here" }));
    await running.client.patch(`${path.changesets}/c1/status`, { status: { phase: "Running" } });
    expect(await names(`${path.changesets}?fieldSelector=spec.batchChange%3Db`)).toEqual(["c1"]);
    expect(await names(`${path.changesets}?fieldSelector=status.phase%3DRunning`)).toEqual(["c1"]);
    expect(await names(`${path.pods}?fieldSelector=spec.nodeName%3Dhere`)).toEqual(["p"]);
  });

  it.each(["fieldSelector=data.x%3D1", "labelSelector=a%20b", "limit=x"])("refuses %s", async (query) => {
    expect((await running.client.get(`${path.configMaps}?${query}`)).code).toBe(400);
  });
});
