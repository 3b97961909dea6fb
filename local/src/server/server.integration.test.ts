import { afterEach, beforeEach, expect, test } from "vitest";
import { startServer } from "./index.ts";
import type { RunningServer } from "./index.ts";
import { Client, configMap } from "./testing/client.ts";

let server: RunningServer;
let client: Client;
beforeEach(async () => {
  server = await startServer();
  client = new Client(server.url);
});
afterEach(() => server.close());

const configMaps = "/api/v1/namespaces/default/configmaps";

test("a created object can be read, listed, patched and deleted", async () => {
  expect((await client.post(configMaps, configMap("a", { data: { x: "1" } }))).code).toBe(201);
  expect((await client.get(`${configMaps}/a`)).body["data"]).toEqual({ x: "1" });
  expect((await client.patch(`${configMaps}/a`, { data: { y: "2" } })).body["data"]).toEqual({ x: "1", y: "2" });
  expect((await client.get(configMaps)).body.items).toHaveLength(1);
  expect((await client.remove(`${configMaps}/a`)).body["status"]).toBe("Success");
  expect((await client.get(`${configMaps}/a`)).body.reason).toBe("NotFound");
});

test("a watch shows what happened since a version and then what happens", async () => {
  const { body } = await client.get(configMaps);
  await client.post(configMaps, configMap("a"));
  const watching = client.watch(`${configMaps}?watch=1&resourceVersion=${body.metadata.resourceVersion}`, (lines) => lines.length === 2);
  await client.remove(`${configMaps}/a`);
  expect((await watching).map((line) => line.type)).toEqual(["ADDED", "DELETED"]);
});
