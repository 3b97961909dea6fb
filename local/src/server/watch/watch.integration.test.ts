import { describe, expect, it } from "vitest";
import { startServer } from "../server.ts";
import { Client } from "../testing/client.ts";
import type { Line } from "../testing/client.ts";
import { configMap, path, pod } from "../testing/objects.ts";
import { freshServer } from "../testing/running.ts";

const running = freshServer({ bookmarkInterval: 20, history: { changes: 20, bytes: 1_000_000 } });

async function version(): Promise<string> {
  return (await running.client.get(path.configMaps)).body.metadata.resourceVersion;
}

function shown(lines: readonly Line[]): readonly string[] {
  return lines.map(({ type, object }) => `${type} ${object.metadata.name}`);
}

const many = (count: number) => (lines: readonly Line[]) => lines.length >= count;

describe("watch", () => {
  it("replays what happened since a version, then goes on", async () => {
    const from = await version();
    await running.client.post(path.configMaps, configMap("a"));
    await running.client.patch(`${path.configMaps}/a`, { data: { x: "1" } });
    const watching = running.client.watch(`${path.configMaps}?watch=true&resourceVersion=${from}`, many(4));
    await running.client.remove(`${path.configMaps}/a`);
    await running.client.post(path.configMaps, configMap("b"));
    const lines = await watching;
    expect(shown(lines)).toEqual(["ADDED a", "MODIFIED a", "DELETED a", "ADDED b"]);
    const versions = lines.map((line) => Number(line.object.metadata.resourceVersion));
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(new Set(versions).size).toBe(4);
  });

  it.each(["", "&resourceVersion=0"])("begins with what there is when it has no version (%s)", async (query) => {
    await running.client.post(path.configMaps, configMap("a"));
    await running.client.post(path.configMaps, configMap("b"));
    expect(shown(await running.client.watch(`${path.configMaps}?watch=1${query}`, many(2)))).toEqual(["ADDED a", "ADDED b"]);
  });

  it("marks the end of the initial events when it is asked to send them", async () => {
    await running.client.post(path.configMaps, configMap("a"));
    const query = "watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan";
    const lines = await running.client.watch(`${path.configMaps}?${query}`, many(2));
    expect(lines.map((line) => line.type)).toEqual(["ADDED", "BOOKMARK"]);
    expect(lines[1]?.object.metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
  });

  it("shows an object that leaves the selection as deleted and one that enters it as added", async () => {
    const from = await version();
    await running.client.post(path.configMaps, configMap("a", {}, { labels: { k: "1" } }));
    await running.client.patch(`${path.configMaps}/a`, { data: { x: "1" } });
    await running.client.patch(`${path.configMaps}/a`, { metadata: { labels: { k: "2" } } });
    await running.client.patch(`${path.configMaps}/a`, { data: { x: "2" } });
    await running.client.patch(`${path.configMaps}/a`, { metadata: { labels: { k: "1" } } });
    const lines = await running.client.watch(`${path.configMaps}?watch=1&labelSelector=k%3D1&resourceVersion=${from}`, many(4));
    expect(shown(lines)).toEqual(["ADDED a", "MODIFIED a", "DELETED a", "ADDED a"]);
    expect(lines[2]?.object.metadata.labels).toEqual({ k: "1" });
    expect(Number(lines[2]?.object.metadata.resourceVersion)).toBe(Number(from) + 3);
  });

  it("follows a field selector in the same way", async () => {
    const from = await version();
    await running.client.post(path.pods, pod("p"));
    await running.client.patch(`${path.pods}/p/status`, { status: { phase: "Running" } });
    await running.client.patch(`${path.pods}/p/status`, { status: { phase: "Succeeded" } });
    const lines = await running.client.watch(`${path.pods}?watch=1&fieldSelector=status.phase%3DRunning&resourceVersion=${from}`, many(2));
    expect(shown(lines)).toEqual(["ADDED p", "DELETED p"]);
  });

  it("sends bookmarks with the newest version only to who asked", async () => {
    const from = await version();
    const watching = running.client.watch(`${path.configMaps}?watch=1&allowWatchBookmarks=true&resourceVersion=${from}`, (lines) =>
      lines.some((line) => line.type === "BOOKMARK" && Number(line.object.metadata.resourceVersion) > Number(from)),
    );
    await running.client.post(path.pods, pod("p"));
    const lines = await watching;
    expect(new Set(lines.map((line) => line.type))).toEqual(new Set(["BOOKMARK"]));
    const quiet = await running.client.watch(`${path.configMaps}?watch=1&timeoutSeconds=1&resourceVersion=${from}`);
    expect(quiet).toEqual([]);
  });

  it("says 410 as an event when the version is forgotten or was never reached", async () => {
    for (let index = 0; index < 25; index += 1) await running.client.post(path.configMaps, configMap(`a${index}`));
    for (const from of ["3", "1000000"]) {
      const lines = await running.client.watch(`${path.configMaps}?watch=1&resourceVersion=${from}`);
      expect(lines).toMatchObject([{ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } }]);
    }
  });

  it("ends after timeoutSeconds with a last bookmark", async () => {
    const from = await version();
    const lines = await running.client.watch(`${path.configMaps}?watch=1&timeoutSeconds=1&allowWatchBookmarks=1&resourceVersion=${from}`);
    expect(lines.at(-1)?.type).toBe("BOOKMARK");
  });

  it("of one object is told nothing of others", async () => {
    const from = await version();
    await running.client.post(path.configMaps, configMap("a"));
    await running.client.post(path.configMaps, configMap("b"));
    expect(
      shown(await running.client.watch(`${path.configMaps}?watch=1&fieldSelector=metadata.name%3Db&resourceVersion=${from}`, many(1))),
    ).toEqual(["ADDED b"]);
  });

  it("misses nothing and doubles nothing while twenty writers are at work", async () => {
    const server = await startServer();
    const client = new Client(server.url);
    const from = (await client.get(path.configMaps)).body.metadata.resourceVersion;
    const watching = client.watch(`${path.configMaps}?watch=1&resourceVersion=${from}`, many(400));
    const writers = Array.from({ length: 20 }, async (_, writer) => {
      for (let index = 0; index < 20; index += 1) await client.post(path.configMaps, configMap(`w${writer}-${index}`));
    });
    await Promise.all(writers);
    expect(new Set(shown(await watching)).size).toBe(400);
    await server.close();
  });

  it("ends with a bookmark when the server closes", async () => {
    const server = await startServer();
    const client = new Client(server.url);
    const watching = client.watch(`${path.configMaps}?watch=1&allowWatchBookmarks=true`, (lines) => {
      if (lines.length === 1) void server.close();
      return false;
    });
    await client.post(path.configMaps, configMap("a"));
    expect((await watching).map((line) => line.type)).toEqual(["ADDED", "BOOKMARK"]);
  });
});
