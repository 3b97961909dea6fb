import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMetrics } from "../metrics.ts";
import type { Metrics } from "../metrics.ts";
import { createClient } from "./client.ts";
import type { Client } from "./client.ts";
import { openEndpoint } from "./endpoint.ts";
import { ApiError, ConnectionError, RetryableApiError, isRetryable } from "./errors.ts";
import { parseObject } from "./object.ts";
import { resources } from "./resource.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { configMap, startScriptedServer } from "./testing/scripted-server.ts";
import type { ScriptedServer } from "./testing/scripted-server.ts";
import { until } from "./testing/until.ts";

let server: ScriptedServer;
let client: Client;
let metrics: Metrics;
let clock: FakeClock;
let folder: string;
let throttled: number[];

beforeEach(async () => {
  [metrics, clock, throttled] = [createMetrics(), new FakeClock(), []];
  server = await startScriptedServer();
  folder = await mkdtemp(join(tmpdir(), "client-"));
  const endpoint = await openEndpoint({ kind: "url", url: server.url }, clock);
  client = createClient({ endpoint, metrics, onThrottled: (seconds) => void throttled.push(seconds) });
});

afterEach(async () => {
  await client.close();
  await server.close();
  await rm(folder, { recursive: true });
});

const { configMaps, changesets, jobs } = resources;
const nameOf = (raw: unknown): { readonly name: string } => ({ name: parseObject(raw).metadata.name });
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** A user whose token lies in a file, as a pod's ServiceAccount does. */
async function clientWithTokenFile(token: string): Promise<string> {
  const tokenFile = join(folder, "token");
  await writeFile(tokenFile, `${token}\n`);
  const user = { "auth-provider": { name: "tokenFile", config: { tokenFile } } };
  await writeFile(join(folder, "kubeconfig"), kubeconfig(user));
  const endpoint = await openEndpoint({ kind: "kubeconfig", path: join(folder, "kubeconfig") }, clock);
  await client.close();
  client = createClient({ endpoint, metrics });
  return tokenFile;
}

function kubeconfig(user: object, cluster: object = { server: server.url, "insecure-skip-tls-verify": true }): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "c",
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
  });
}

describe("verbs", () => {
  it("gets an object by the path of its kind, and nothing as undefined", async () => {
    const found = client.get(changesets, "team-a", "one");
    const request = await server.next();
    expect([request.method, request.path]).toEqual(["GET", "/apis/codybatch.dev/v1alpha1/namespaces/team-a/changesets/one"]);
    request.json(200, configMap("one", 5));
    expect((await found)?.metadata).toMatchObject({ name: "one", namespace: "team-a", resourceVersion: "5", generation: 0 });
    const missing = client.get(configMaps, "team-a", "none");
    const second = await server.next();
    expect(second.path).toBe("/api/v1/namespaces/team-a/configmaps/none");
    second.refuse(404, "NotFound");
    expect(await missing).toBeUndefined();
  });

  it("asks for no more than the metadata of what it creates, where that is enough", async () => {
    const created = client.create(jobs, "team-a", { metadata: { name: "j" } }, { metadataOnly: true });
    const request = await server.next();
    expect(request.headers.accept).toBe("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
    request.json(201, configMap("j", 1));
    expect((await created).metadata.uid).toBe("uid-of-j");
  });

  it("creates with a POST to the collection and patches with a merge patch, the status by its subresource", async () => {
    const created = client.create(jobs, "team-a", { metadata: { name: "j" } });
    const post = await server.next();
    expect([post.method, post.path, post.body]).toEqual(["POST", "/apis/batch/v1/namespaces/team-a/jobs", { metadata: { name: "j" } }]);
    post.json(201, configMap("j", 6));
    expect((await created).metadata.uid).toBe("uid-of-j");
    const patched = client.mergePatch(changesets, "team-a", "one", { status: { phase: "Ready" } }, "status");
    const patch = await server.next();
    expect([patch.method, patch.path]).toEqual(["PATCH", "/apis/codybatch.dev/v1alpha1/namespaces/team-a/changesets/one/status"]);
    expect(patch.headers["content-type"]).toBe("application/merge-patch+json");
    patch.json(200, configMap("one", 7));
    expect((await patched).metadata.resourceVersion).toBe("7");
  });

  it("removes only the object of that uid", async () => {
    const removed = client.remove(jobs, "team-a", "j", "uid-1");
    const request = await server.next();
    expect(request.body).toMatchObject({ preconditions: { uid: "uid-1" }, propagationPolicy: "Background" });
    request.json(200, { kind: "Status", status: "Success" });
    await removed;
    expect(request.method).toBe("DELETE");
  });

  it.each([
    [404, "NotFound"],
    [409, "Conflict"],
  ])("takes %i on a removal as done: it is gone, or another by now", async (status, reason) => {
    const removed = client.remove(jobs, "team-a", "j", "uid-1");
    (await server.next()).refuse(status, reason);
    expect(await failure(removed)).toBeUndefined();
  });

  it("asks for metadata only in the words that the API server knows", async () => {
    const listed = client.list(configMaps, { metadataOnly: true, labelSelector: "a=b" }, nameOf);
    const list = await server.next();
    expect(list.headers.accept).toBe("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
    expect(list.query["labelSelector"]).toBe("a=b");
    list.list("3", [configMap("a", 1)]);
    expect(await listed).toEqual({ items: [{ name: "a" }], resourceVersion: "3" });
    const lines = client.watch(configMaps, { metadataOnly: true, resourceVersion: "3", timeoutSeconds: 300 })[Symbol.asyncIterator]();
    const first = lines.next();
    const watch = await server.next();
    expect(watch.headers.accept).toBe("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
    watch.begin();
    watch.bookmark("4");
    expect((await first).value).toMatchObject({ type: "BOOKMARK" });
  });
});

describe("long lists", () => {
  it("starts again when the pages expire half way, and gives no item twice", async () => {
    const listed = client.list(configMaps, {}, nameOf);
    (await server.next()).list("10", [configMap("a", 1)], "page-2");
    (await server.next()).refuse(410, "Expired");
    const again = await server.next();
    expect(again.query["continue"]).toBeUndefined();
    again.list("20", [configMap("a", 1)], "page-2");
    (await server.next()).list("20", [configMap("b", 2)]);
    expect(await listed).toEqual({ items: [{ name: "a" }, { name: "b" }], resourceVersion: "20" });
  });

  it("does not repeat a list whose first page is refused", async () => {
    const listed = failure(client.list(configMaps, {}, nameOf));
    (await server.next()).refuse(410, "Expired");
    expect(await listed).toMatchObject({ status: 410 });
  });

  it("gives up after three restarts", async () => {
    const listed = failure(client.list(configMaps, {}, nameOf));
    for (let round = 0; round < 4; round += 1) {
      (await server.next()).list("10", [], "page-2");
      (await server.next()).refuse(410, "Expired");
    }
    expect(await listed).toMatchObject({ status: 410 });
  });
});

describe("errors by type", () => {
  it.each([
    [400, "BadRequest", false],
    [403, "Forbidden", false],
    [409, "AlreadyExists", false],
    [409, "Conflict", true],
    [410, "Expired", false],
    [422, "Invalid", false],
    [429, "TooManyRequests", true],
    [500, "InternalError", true],
    [503, "ServiceUnavailable", true],
    [504, "Timeout", true],
  ])("%i %s may pass by itself: %s", async (status, reason, passes) => {
    const created = failure(client.create(jobs, "team-a", {}));
    (await server.next()).refuse(status, reason);
    const error = await created;
    expect(error).toBeInstanceOf(passes ? RetryableApiError : ApiError);
    expect(error).toMatchObject({ status, reason, message: `${reason} it is` });
    expect(isRetryable(error)).toBe(passes);
  });

  it("tells of a 429 how long to hold back", async () => {
    const created = failure(client.create(jobs, "team-a", {}));
    (await server.next()).refuse(429, "TooManyRequests", { "retry-after": "7" });
    expect(await created).toMatchObject({ retryAfterSeconds: 7 });
    expect(throttled).toEqual([7]);
  });

  it("says of a server that is not there, breaks off, or answers with a web page that it may pass", async () => {
    const broken = failure(client.create(jobs, "team-a", {}));
    (await server.next()).reset();
    expect(await broken).toBeInstanceOf(ConnectionError);
    const page = failure(client.get(jobs, "team-a", "j"));
    const request = await server.next();
    request.begin();
    request.write("<html>");
    request.end();
    expect(await page).toMatchObject({ code: "NotJSON" });
    await server.close();
    const absent = await failure(client.ping());
    expect(absent).toMatchObject({ code: "ECONNREFUSED" });
    expect(isRetryable(absent)).toBe(true);
    server = await startScriptedServer();
  });

  it("does not wait for ever for an answer, nor for its second half, nor for one in drips", async () => {
    const endpoint = await openEndpoint({ kind: "url", url: server.url }, clock);
    const impatient = createClient({ endpoint, metrics, timeout: 50 });
    const mute = failure(impatient.get(jobs, "team-a", "j"));
    await server.next();
    expect(await mute).toBeInstanceOf(ConnectionError);
    const half = failure(impatient.get(jobs, "team-a", "j"));
    const request = await server.next();
    request.begin();
    request.write("{");
    expect(await half).toBeInstanceOf(ConnectionError);
    await until("the end of the connection", () => !request.open);
    const drips = failure(impatient.get(jobs, "team-a", "j"));
    const slow = await server.next();
    slow.begin();
    const dripping = setInterval(() => slow.write(" "), 5);
    expect(await drips).toBeInstanceOf(ConnectionError);
    clearInterval(dripping);
    await impatient.close();
  });

  it("counts requests by method and code", async () => {
    const created = failure(client.create(jobs, "team-a", {}));
    (await server.next()).refuse(409, "AlreadyExists");
    await created;
    const broken = failure(client.ping());
    (await server.next()).reset();
    await broken;
    const text = await metrics.registry.metrics();
    expect(text).toContain('rest_client_requests_total{method="POST",code="409"} 1');
    expect(text).toContain('rest_client_requests_total{method="GET",code="<error>"} 1');
  });

  it("takes any answer to a ping as a sign of life", async () => {
    const alive = client.ping();
    (await server.next()).refuse(403, "Forbidden");
    expect(await failure(alive)).toBeUndefined();
  });
});

describe("who we are", () => {
  it("reads a rotated token at once after a 401 and sends the same request again", async () => {
    const tokenFile = await clientWithTokenFile("first");
    const created = client.create(jobs, "team-a", { kind: "Job" });
    const refused = await server.next();
    expect(refused.headers.authorization).toBe("Bearer first");
    await writeFile(tokenFile, "second\n");
    refused.refuse(401, "Unauthorized");
    const repeated = await server.next();
    expect([repeated.headers.authorization, repeated.body]).toEqual(["Bearer second", { kind: "Job" }]);
    repeated.json(201, configMap("j", 1));
    expect((await created).metadata.name).toBe("j");
  });

  it("gives up after the second 401", async () => {
    await clientWithTokenFile("first");
    const refused = failure(client.ping());
    (await server.next()).refuse(401, "Unauthorized");
    (await server.next()).refuse(401, "Unauthorized");
    expect(await refused).toBeUndefined();
    const got = failure(client.get(jobs, "team-a", "j"));
    (await server.next()).refuse(401, "Unauthorized");
    (await server.next()).refuse(401, "Unauthorized");
    expect(await got).toMatchObject({ status: 401 });
  });

  it("reads the token again after a minute, before it is refused", async () => {
    const tokenFile = await clientWithTokenFile("first");
    const authorizations: (string | undefined)[] = [];
    for (const step of [0, 59_000, 1000]) {
      clock.advance(step);
      const pinged = client.ping();
      const request = await server.next();
      authorizations.push(request.headers.authorization);
      request.json(200, {});
      await pinged;
      await writeFile(tokenFile, "second");
    }
    expect(authorizations).toEqual(["Bearer first", "Bearer first", "Bearer second"]);
  });

  it.each([
    ["a token", { token: "abc" }, "Bearer abc"],
    ["a name and a password", { username: "me", password: "word" }, `Basic ${Buffer.from("me:word").toString("base64")}`],
  ])("takes %s from a kubeconfig", async (_, user, authorization) => {
    await writeFile(join(folder, "kubeconfig"), kubeconfig(user));
    const endpoint = await openEndpoint({ kind: "kubeconfig", path: join(folder, "kubeconfig") }, clock);
    expect(await endpoint.headers()).toEqual({ authorization });
  });

  it.each([
    ["plain http", { server: "http://10.0.0.1" }, "plain http"],
    ["a proxy", { server: "https://10.0.0.1", "proxy-url": "http://proxy" }, "a proxy-url is not supported"],
  ])("refuses a kubeconfig with %s and says why", async (_, cluster, words) => {
    await writeFile(join(folder, "kubeconfig"), kubeconfig({ token: "abc" }, cluster));
    await expect(openEndpoint({ kind: "kubeconfig", path: join(folder, "kubeconfig") }, clock)).rejects.toThrow(words);
  });

  it("says which file is missing", async () => {
    await expect(openEndpoint({ kind: "kubeconfig", path: join(folder, "none") }, clock)).rejects.toThrow(
      /cannot use the kubeconfig .*none: ENOENT/,
    );
    const pod = openEndpoint({ kind: "in-cluster", host: "10.0.0.1", port: "443", directory: folder }, clock);
    await expect(pod).rejects.toThrow(/cannot use the ServiceAccount's files in .*ENOENT/);
  });

  it("finds the pod's own token and CA in the given folder", async () => {
    await writeFile(join(folder, "token"), "pod-token\n");
    await writeFile(join(folder, "ca.crt"), "the CA");
    const endpoint = await openEndpoint({ kind: "in-cluster", host: "fd00::1", port: "443", directory: folder }, clock);
    expect(endpoint.url.href).toBe("https://[fd00::1]/");
    expect(String(endpoint.tls.ca)).toBe("the CA");
    expect(await endpoint.headers()).toEqual({ authorization: "Bearer pod-token" });
  });
});
