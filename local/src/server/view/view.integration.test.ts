import { describe, expect, it } from "vitest";
import { batchChange, changeset, configMap, job, path, pod } from "../testing/objects.ts";
import { freshServer } from "../testing/running.ts";

const running = freshServer({ clock: () => new Date("2026-01-01T00:00:00Z") });
const table = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" };
const partial = {
  accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
};

interface Table {
  readonly kind: string;
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object: { readonly kind: string } }[];
}

async function tableOf(at: string): Promise<Table> {
  return (await running.client.get(at, table)).body as unknown as Table;
}

describe("a Table", () => {
  it("has the CRD's columns, empty ones as null", async () => {
    await running.client.post(path.batchChanges, batchChange("b"));
    await running.client.patch(`${path.batchChanges}/b/status`, { status: { phase: "Running", progress: "1/3", counts: { failed: 1 } } });
    const { columnDefinitions, rows } = await tableOf(path.batchChanges);
    const narrow = columnDefinitions.flatMap(({ name, priority }, index) => (priority === 0 ? [[name, rows[0]?.cells[index]]] : []));
    expect(narrow).toEqual([
      ["Name", "b"],
      ["Phase", "Running"],
      ["Done", "1/3"],
      ["Failed", 1],
      ["PRs", null],
      ["Cost", null],
      ["Age", "0s"],
    ]);
    expect(rows[0]?.object.kind).toBe("PartialObjectMetadata");
  });

  it.each([
    ["pods", path.pods, pod("x", { nodeName: "here" }), ["x", "0/1", "Pending", 0, "0s", "<none>", "here"]],
    ["jobs", path.jobs, job("x"), ["x", "Running", "0/1", "", "0s"]],
    ["ConfigMaps", path.configMaps, configMap("x", { data: { a: "" }, binaryData: { b: "" } }), ["x", 2, "0s"]],
    ["Changesets", path.changesets, changeset("x"), ["x", "acme/api", null, null, null, null, null, "HEAD", null, "0s"]],
  ])("shows %s as kubectl does", async (_kind, at, object, cells) => {
    await running.client.post(at, object);
    expect((await tableOf(at)).rows[0]?.cells).toEqual(cells);
    expect((await tableOf(`${at}/x`)).rows[0]?.cells).toEqual(cells);
  });

  it("tells how a pod with a sidecar stands", async () => {
    const sidecar = { name: "recorder", restartPolicy: "Always" };
    await running.client.post(path.pods, pod("x", { initContainers: [sidecar, { name: "clone" }] }));
    const initContainerStatuses = [
      { name: "recorder", ready: true, started: true, restartCount: 0 },
      { name: "clone", state: { running: {} }, restartCount: 0 },
    ];
    await running.client.patch(`${path.pods}/x/status`, { status: { initContainerStatuses } });
    expect((await tableOf(path.pods)).rows[0]?.cells.slice(0, 3)).toEqual(["x", "1/2", "Init:1/2"]);
  });

  it("comes line by line in a watch", async () => {
    await running.client.post(path.configMaps, configMap("x"));
    const lines = await running.client.watch(`${path.configMaps}?watch=1`, ({ length }) => length === 1, table);
    expect(lines).toMatchObject([{ type: "ADDED", object: { kind: "Table", rows: [{ cells: ["x", 0, "0s"] }] } }]);
  });
});

describe("metadata only", () => {
  it("is given to one object, to lists and to watches", async () => {
    await running.client.post(path.configMaps, configMap("x", { data: { a: "b" } }));
    const { body } = await running.client.get(path.configMaps, partial);
    expect(body).toMatchObject({ kind: "PartialObjectMetadataList", items: [{ kind: "PartialObjectMetadata", metadata: { name: "x" } }] });
    expect(JSON.stringify(body)).not.toContain('"data"');
    expect((await running.client.get(`${path.configMaps}/x`, partial)).body.kind).toBe("PartialObjectMetadata");
    const lines = await running.client.watch(`${path.configMaps}?watch=1`, ({ length }) => length === 1, partial);
    expect(lines[0]?.object.kind).toBe("PartialObjectMetadata");
  });
});

it("refuses a form that it does not have with 406", async () => {
  expect((await running.client.get(path.configMaps, { accept: "application/vnd.kubernetes.protobuf" })).code).toBe(406);
});

it("shows one Event in both API groups, each with its own names", async () => {
  const event = { apiVersion: "v1", kind: "Event", metadata: { name: "e" }, involvedObject: { kind: "Pod", name: "p" }, message: "hello" };
  await running.client.post(path.events, event);
  const grouped = "/apis/events.k8s.io/v1/namespaces/default/events";
  const { body } = await running.client.get(`${grouped}?fieldSelector=regarding.name%3Dp`);
  expect(body.items).toMatchObject([{ apiVersion: "events.k8s.io/v1", regarding: { name: "p" }, note: "hello" }]);
  await running.client.patch(`${grouped}/e`, { note: "again" });
  expect((await running.client.get(`${path.events}?fieldSelector=involvedObject.name%3Dp`)).body.items).toMatchObject([
    { message: "again" },
  ]);
});
