import { describe, expect, it } from "vitest";
import { batchChange, configMap, job, namespace, path, pod } from "../testing/objects.ts";
import { freshServer } from "../testing/running.ts";

const running = freshServer();

describe("create", () => {
  it("sets what the server owns and keeps the rest", async () => {
    const { code, body } = await running.client.post(
      path.configMaps,
      configMap("a", { data: { x: "1" } }, { uid: "mine", labels: { k: "v" } }),
    );
    expect(code).toBe(201);
    expect(body).toMatchObject({ data: { x: "1" }, metadata: { name: "a", namespace: "default", labels: { k: "v" } } });
    expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it("refuses a name that is taken with AlreadyExists", async () => {
    await running.client.post(path.configMaps, configMap("a"));
    const { code, body } = await running.client.post(path.configMaps, configMap("a"));
    expect([code, body.reason, body.message]).toEqual([409, "AlreadyExists", 'configmaps "a" already exists']);
    expect(body["details"]).toEqual({ name: "a", kind: "configmaps" });
  });

  it("completes generateName so that two objects differ", async () => {
    const wish = { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "a-" } };
    const names = [await running.client.post(path.configMaps, wish), await running.client.post(path.configMaps, wish)].map(
      ({ body }) => body.metadata.name,
    );
    expect(new Set(names).size).toBe(2);
    expect(names.every((name) => /^a-[a-z0-9]{5}$/.test(name))).toBe(true);
  });

  it("fills a BatchChange's defaults, drops its status and begins at generation 1", async () => {
    const { body } = await running.client.post(path.batchChanges, { ...batchChange("b"), status: { phase: "Running" } });
    expect(body).toMatchObject({ metadata: { generation: 1 }, spec: { parallelism: 5, repositories: [{ branch: "HEAD" }] } });
    expect(body["status"]).toBeUndefined();
  });

  it("gives a Job its selector and its pods' labels", async () => {
    const { body } = await running.client.post(path.jobs, job("j"));
    const { uid } = body.metadata;
    expect(body).toMatchObject({
      spec: {
        backoffLimit: 6,
        selector: { matchLabels: { "batch.kubernetes.io/controller-uid": uid } },
        template: { metadata: { labels: { "batch.kubernetes.io/controller-uid": uid, "job-name": "j" } } },
      },
    });
  });

  it("begins a pod as Pending", async () => {
    expect((await running.client.post(path.pods, pod("p"))).body["status"]).toEqual({ phase: "Pending" });
  });

  it("stores nothing on a dry run", async () => {
    const { code } = await running.client.post(`${path.configMaps}?dryRun=All`, configMap("a"));
    expect([code, (await running.client.get(`${path.configMaps}/a`)).code]).toEqual([201, 404]);
  });

  it("needs the namespace to exist", async () => {
    const { code, body } = await running.client.post("/api/v1/namespaces/nowhere/configmaps", configMap("a"));
    expect([code, body.message]).toEqual([404, 'namespaces "nowhere" not found']);
  });

  it("takes YAML", async () => {
    const body = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: '1'}\n";
    const created = await running.client.call("POST", path.configMaps, { body, type: "application/yaml" });
    expect(created.body["data"]).toEqual({ x: "1" });
  });

  it("makes the ServiceAccount default in a new namespace", async () => {
    await running.client.post(path.namespaces, namespace("team-a"));
    const { code } = await running.client.get("/api/v1/namespaces/team-a/serviceaccounts/default");
    expect(code).toBe(200);
  });
});

const strict = `${path.batchChanges}?fieldValidation=Strict`;
const long = "x".repeat(1024 * 1024);

describe("create refuses", () => {
  it.each([
    ["half of a JSON text", path.configMaps, '{"kind":', 400, "cannot be read as JSON"],
    ["an empty body", path.configMaps, "", 400, "body is empty"],
    ["a list", path.configMaps, [], 400, "must be one object"],
    ["another kind", path.configMaps, { ...configMap("a"), kind: "Secret" }, 400, "does not match the expected API version"],
    ["our kind without apiVersion", path.batchChanges, { kind: "BatchChange", metadata: { name: "a" } }, 400, "is missing"],
    ["another namespace than the path's", path.configMaps, configMap("a", {}, { namespace: "other" }), 400, "does not match the namespace"],
    ["no name", path.configMaps, configMap(""), 422, "name or generateName is required"],
    ["a name in capitals", path.configMaps, configMap("A"), 422, "lowercase RFC 1123 subdomain"],
    ["a name above 253 characters", path.configMaps, configMap("a".repeat(254)), 422, "no more than 253"],
    ["a label value with a space", path.configMaps, configMap("a", {}, { labels: { a: "b c" } }), 422, "a valid label must be"],
    ["a label that is a number", path.configMaps, configMap("a", {}, { labels: { a: 1 } }), 400, "metadata.labels.a"],
    ["annotations above 256 KiB", path.configMaps, configMap("a", {}, { annotations: { a: long } }), 422, "metadata.annotations: Too long"],
    ["data above 1 MiB", path.configMaps, configMap("a", { data: { x: long } }), 422, "Too long: may not be more than 1048576 bytes"],
    ["a key with a slash", path.configMaps, configMap("a", { data: { "a/b": "" } }), 422, "a valid config key"],
    ["data that is no text", path.configMaps, configMap("a", { data: { a: 1 } }), 400, "data[a] must be a string"],
    ["binaryData that is no base64", path.configMaps, configMap("a", { binaryData: { a: "*" } }), 400, "illegal base64"],
    ["a body above 3 MiB", path.configMaps, configMap("a", { data: { x: long.repeat(3) } }), 413, "limit is 3145728"],
    [
      "a Job without a restart policy",
      path.jobs,
      job("j", { template: { spec: { containers: [{}] } } }),
      422,
      'valid values: "OnFailure", "Never"',
    ],
    ["a pod without containers", path.pods, pod("p", { containers: [] }), 422, "spec.containers: Required value"],
    ["an unknown field under Strict", strict, batchChange("b", { promt: "" }), 400, 'strict decoding error: unknown field "spec.promt"'],
    ["a wrong value of ours", path.batchChanges, batchChange("b", { parallelism: 0 }), 422, "spec.parallelism: Invalid value: 0"],
    ["an unknown kind", "/api/v1/namespaces/default/secrets", configMap("a"), 404, "could not find the requested resource"],
  ])("%s", async (_what, at, ...[sent, code, says]) => {
    const reply = await running.client.post(at, sent);
    expect(reply).toMatchObject({ code, body: { kind: "Status", status: "Failure", code } });
    expect(reply.body.message).toContain(says);
  });

  it("bytes that are no UTF-8", async () => {
    const body = Buffer.concat([Buffer.from('{"kind":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    const response = await fetch(`${running.server.url}${path.configMaps}`, { method: "POST", body });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("not valid UTF-8")]);
  });

  it("naming every wrong field of ours as a cause", async () => {
    const { body } = await running.client.post(path.batchChanges, batchChange("b", { parallelism: 0, agent: { timeout: "5x" } }));
    expect(body.details.causes.map((cause) => cause.field).toSorted()).toEqual(["spec.agent.timeout", "spec.parallelism"]);
  });

  it("nothing when an unknown field need only be warned of: it is pruned", async () => {
    const { code, body, headers } = await running.client.post(path.batchChanges, batchChange("b", { promt: "" }));
    expect([code, headers.get("warning")]).toEqual([201, String.raw`299 - "unknown field \"spec.promt\""`]);
    expect(body["spec"]).not.toHaveProperty("promt");
  });
});
