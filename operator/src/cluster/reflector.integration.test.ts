import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Metadata } from "@codybatch/crds";
import { createLog } from "../log.ts";
import { createMetrics } from "../metrics.ts";
import { createClient } from "./client.ts";
import type { Client } from "./client.ts";
import { openEndpoint } from "./endpoint.ts";
import { parseObject, slimMetadata } from "./object.ts";
import { Reflector } from "./reflector.ts";
import { resources } from "./resource.ts";
import type { Change } from "./store.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { configMap, startScriptedServer } from "./testing/scripted-server.ts";
import type { Exchange, ScriptedServer } from "./testing/scripted-server.ts";
import { settle, until } from "./testing/until.ts";

interface Slim {
  readonly metadata: Metadata;
  readonly value: string;
}

let server: ScriptedServer;
let client: Client;
let clock: FakeClock;
let metrics: ReturnType<typeof createMetrics>;
let reflector: Reflector<Slim>;
let told: string[];
let logged: string[];
/** Where in its range every random delay falls. */
let luck: number;
let onChange: (change: Change<Slim>) => void;

function slim(raw: unknown): Slim | undefined {
  const value = String((parseObject(raw)["data"] as Record<string, string>)["value"]);
  if (value === "unreadable") throw new Error("cannot read it");
  return value === "ignored" ? undefined : { metadata: slimMetadata(raw), value };
}

beforeEach(async () => {
  [clock, metrics, told, logged, luck] = [new FakeClock(), createMetrics(), [], [], 0];
  onChange = ({ kind, object }) => void told.push(`${kind} ${object.metadata.name}@${object.metadata.resourceVersion}`);
  server = await startScriptedServer();
  client = createClient({ endpoint: await openEndpoint({ kind: "url", url: server.url }, clock), metrics });
  reflector = new Reflector<Slim>({
    client,
    clock,
    metrics,
    slim,
    resource: resources.configMaps,
    namespace: "team-a",
    random: () => luck,
    log: createLog("debug", { write: (line) => void logged.push(line) }),
    onChange: (change) => onChange(change),
  });
});

afterEach(async () => {
  await reflector.stop();
  await client.close();
  await server.close();
});

/** Starts with one ConfigMap `a` at version 10 and gives the watch that follows. */
async function startWatching(): Promise<Exchange> {
  reflector.start();
  (await server.next()).list("10", [configMap("a", 10)]);
  return nextWatch();
}

async function nextWatch(): Promise<Exchange> {
  const watch = await server.next();
  expect(watch.query["watch"]).toBe("true");
  watch.begin();
  return watch;
}

async function counted(metric: string): Promise<Record<string, number>> {
  const { values } = (await metrics.registry.getSingleMetric(metric)!.get()) as { values: { labels: { cause?: string }; value: number }[] };
  return Object.fromEntries(values.map(({ labels, value }) => [labels.cause ?? "all", value]));
}

const known = (): string[] => reflector.store.all().map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`);
const toldOf = (what: string): Promise<void> => until(what, () => told.includes(what));

describe("the ordinary way", () => {
  it("lists page by page, then watches from the list's resourceVersion with bookmarks and a time-out of 4 to 8 minutes", async () => {
    reflector.start();
    const first = await server.next();
    expect(first.query).toEqual({ limit: "100" });
    first.list("10", [configMap("a", 3)], "page-2");
    const second = await server.next();
    expect(second.query).toEqual({ limit: "100", continue: "page-2" });
    expect(reflector.synced).toBe(false);
    second.list("10", [configMap("b", 4)]);
    const watch = await nextWatch();
    expect(watch.query).toEqual({ watch: "true", allowWatchBookmarks: "true", resourceVersion: "10", timeoutSeconds: "240" });
    expect(reflector.synced).toBe(true);
    expect(told).toEqual(["added a@3", "added b@4"]);
  });

  it("follows additions, changes and deletions, in order, and finds objects by name", async () => {
    const watch = await startWatching();
    watch.send("ADDED", configMap("b", 11));
    watch.send("MODIFIED", configMap("a", 12, { value: "new" }));
    watch.send("DELETED", configMap("b", 13));
    await toldOf("deleted b@13");
    expect(told).toEqual(["added a@10", "added b@11", "updated a@12", "deleted b@13"]);
    expect(reflector.store.get("team-a", "a")?.value).toBe("new");
    expect(reflector.store.resourceVersion).toBe("13");
  });

  it("puts lines together that arrive byte by byte, inside a character too", async () => {
    const watch = await startWatching();
    for (const byte of Buffer.from(`${JSON.stringify({ type: "ADDED", object: configMap("b", 11, { value: "日本" }) })}\n`)) {
      watch.write(Uint8Array.of(byte));
    }
    await toldOf("added b@11");
    expect(reflector.store.get("team-a", "b")?.value).toBe("日本");
  });

  it("goes on from the newest bookmark when the server ends the watch in its time", async () => {
    const watch = await startWatching();
    watch.bookmark("99");
    await until("the bookmark", () => reflector.store.resourceVersion === "99");
    clock.advance(60_000);
    watch.end();
    expect((await nextWatch()).query["resourceVersion"]).toBe("99");
    expect(await counted("codybatch_watch_lists_total")).toEqual({ start: 1 });
  });

  it("drops an object that slim no longer wants, and one it never wanted is no change", async () => {
    const watch = await startWatching();
    watch.send("ADDED", configMap("b", 11, { value: "ignored" }));
    watch.send("MODIFIED", configMap("a", 12, { value: "ignored" }));
    await toldOf("deleted a@10");
    expect(told).toEqual(["added a@10", "deleted a@10"]);
  });
});

describe("an idle hour does not make it blind", () => {
  it("stays connected while only bookmarks come and sees the first change at once", async () => {
    let watch = await startWatching();
    let lists = 0;
    for (let minute = 1; minute <= 60; minute += 1) {
      watch.bookmark(String(10 + minute));
      await until(`bookmark ${minute}`, () => reflector.store.resourceVersion === String(10 + minute));
      clock.advance(60_000);
      await settle();
      if (watch.open && minute % 4 === 0) watch.end();
      if (watch.open) continue;
      const next = await server.next();
      if (next.query["watch"] === undefined) {
        lists += 1;
        next.list(String(10 + minute), [configMap("a", 10)]);
        watch = await nextWatch();
      } else {
        next.begin();
        watch = next;
      }
    }
    watch.send("ADDED", configMap("after-an-hour", 1000));
    await toldOf("added after-an-hour@1000");
    expect(lists).toBe(6);
    expect(clock.now()).toBe(3_600_000);
    expect(told).toHaveLength(2);
  });

  it("breaks off a watch that has gone silent for 150 seconds, bookmarks counting as life", async () => {
    const watch = await startWatching();
    clock.advance(149_000);
    watch.bookmark("11");
    await until("the bookmark", () => reflector.store.resourceVersion === "11");
    clock.advance(149_000);
    await settle();
    expect(watch.open).toBe(true);
    clock.advance(1000);
    const second = await nextWatch();
    expect(watch.open).toBe(false);
    expect(second.query["resourceVersion"]).toBe("11");
    second.send("ADDED", configMap("b", 12));
    await toldOf("added b@12");
    expect(await counted("codybatch_watch_ends_total")).toEqual({ silent: 1 });
  });

  it("breaks off a server that accepts the watch and never answers", async () => {
    reflector.start();
    (await server.next()).list("10", []);
    const mute = await server.next();
    clock.advance(150_000);
    (await nextWatch()).send("ADDED", configMap("b", 12));
    await toldOf("added b@12");
    expect(mute.open).toBe(false);
  });
});

describe("a connection that breaks", () => {
  it("survives a reset in the middle of a line and does not take the half line", async () => {
    const watch = await startWatching();
    watch.send("ADDED", configMap("b", 11));
    watch.write('{"type":"ADDED","object":{"metadata":{"name":"half"');
    await toldOf("added b@11");
    watch.reset();
    const second = await nextWatch();
    expect(second.query["resourceVersion"]).toBe("11");
    second.send("ADDED", configMap("c", 12));
    await toldOf("added c@12");
    expect(known()).toEqual(["a@10", "b@11", "c@12"]);
    expect(await counted("codybatch_watch_ends_total")).toEqual({ broken: 1 });
  });

  it("drops and counts half a line before a clean end", async () => {
    const watch = await startWatching();
    watch.write(JSON.stringify({ type: "ADDED", object: configMap("half", 11) }));
    watch.end();
    (await nextWatch()).send("ADDED", configMap("b", 12));
    await toldOf("added b@12");
    expect(known()).toEqual(["a@10", "b@12"]);
    expect(await counted("codybatch_watch_half_lines_total")).toEqual({ all: 1 });
  });

  it("waits longer after each failure, and starts small again after the first line but not after a mere connection", async () => {
    luck = 0.999_999;
    const watch = await startWatching();
    watch.reset();
    let watches = 2;
    for (const step of [800, 1600, 3200]) {
      await until("the timer of the back-off", () => clock.pending === 1);
      clock.advance(step - 1);
      await settle();
      expect(server.requests).toHaveLength(watches);
      clock.advance(1);
      (await nextWatch()).reset();
      watches += 1;
    }
    await until("the timer of the back-off", () => clock.pending === 1);
    clock.advance(6400);
    const better = await nextWatch();
    better.bookmark("11");
    await until("the bookmark", () => reflector.store.resourceVersion === "11");
    better.reset();
    await until("the timer of the back-off", () => clock.pending === 1);
    clock.advance(800);
    expect((await nextWatch()).query["resourceVersion"]).toBe("11");
  });

  it("does not ask in a hurry a server that ends each watch at once", async () => {
    luck = 0.999_999;
    (await startWatching()).end();
    await settle();
    expect(server.requests).toHaveLength(2);
    clock.advance(800);
    (await nextWatch()).end();
    await settle();
    clock.advance(800);
    await settle();
    expect(server.requests).toHaveLength(3);
    clock.advance(800);
    await nextWatch();
  });
});

describe("answers other than events", () => {
  const gone = { kind: "Status", code: 410, reason: "Expired", message: "too old resource version" };

  it("lists again on 410 as an HTTP status", async () => {
    reflector.start();
    (await server.next()).list("10", [configMap("a", 10)]);
    (await server.next()).refuse(410, "Expired");
    (await server.next()).list("50", [configMap("a", 10), configMap("b", 40)]);
    expect((await nextWatch()).query["resourceVersion"]).toBe("50");
    expect(told).toEqual(["added a@10", "added b@40"]);
    expect(await counted("codybatch_watch_lists_total")).toEqual({ start: 1, expired: 1 });
  });

  it("lists again on 410 as an event, and backs off when that repeats", async () => {
    luck = 0.5;
    (await startWatching()).send("ERROR", gone);
    for (const wait of [400, 800, 1600]) {
      await until("the timer of the back-off", () => clock.pending === 1);
      const seen = server.requests.length;
      clock.advance(wait - 1);
      await settle();
      expect(server.requests).toHaveLength(seen);
      clock.advance(1);
      (await server.next()).list("50", [configMap("a", 10)]);
      (await nextWatch()).send("ERROR", gone);
    }
    expect(await counted("codybatch_watch_lists_total")).toEqual({ start: 1, expired: 3 });
  });

  it.each([
    ["another error event", { kind: "Status", code: 500, reason: "InternalError", message: "etcd" }],
    ["an error event of no known form", { odd: true }],
  ])("lists again on %s", async (_, object) => {
    (await startWatching()).send("ERROR", object);
    (await server.next()).list("50", [configMap("b", 50)]);
    await nextWatch();
    expect(told).toEqual(["added a@10", "deleted a@10", "added b@50"]);
  });

  it.each([
    ["a line that is not JSON", "not json\n"],
    ["a line without an object", '{"type":"ADDED"}\n'],
    ["an object without metadata", '{"type":"ADDED","object":{}}\n'],
  ])("lists again on %s", async (_, line) => {
    (await startWatching()).write(line);
    (await server.next()).list("50", [configMap("b", 50)]);
    await nextWatch();
    expect(known()).toEqual(["b@50"]);
  });

  it("takes 429 on a watch as not yet: it waits as long as asked and does not list", async () => {
    reflector.start();
    (await server.next()).list("10", []);
    (await server.next()).refuse(429, "TooManyRequests", { "retry-after": "5" });
    await until("the timer of the back-off", () => clock.pending === 1);
    clock.advance(4999);
    await settle();
    expect(server.requests).toHaveLength(2);
    clock.advance(1);
    expect((await nextWatch()).query["resourceVersion"]).toBe("10");
    expect(await counted("codybatch_watch_ends_total")).toEqual({ throttled: 1 });
  });

  it("tries the same watch again after a fault of the server", async () => {
    reflector.start();
    (await server.next()).list("10", []);
    (await server.next()).refuse(503, "ServiceUnavailable");
    expect((await nextWatch()).query["resourceVersion"]).toBe("10");
  });

  it("keeps trying when the list fails, in every way a list can fail", async () => {
    reflector.start();
    (await server.next()).refuse(403, "Forbidden");
    (await server.next()).refuse(500, "InternalError");
    (await server.next()).reset();
    const cut = await server.next();
    cut.begin();
    cut.write('{"items": [');
    cut.reset();
    (await server.next()).json(200, { nothing: "known" });
    expect(reflector.synced).toBe(false);
    (await server.next()).list("10", [configMap("a", 10)]);
    await nextWatch();
    expect(known()).toEqual(["a@10"]);
    expect(logged.filter((line) => line.includes("cannot list"))).toHaveLength(5);
  });
});

describe("histories that are not what they seem", () => {
  it("ignores duplicates and replays of older states", async () => {
    const watch = await startWatching();
    watch.send("MODIFIED", configMap("a", 12));
    watch.send("MODIFIED", configMap("a", 12));
    watch.send("MODIFIED", configMap("a", 11));
    watch.send("DELETED", configMap("a", 13));
    watch.send("ADDED", configMap("a", 10));
    watch.send("DELETED", configMap("a", 13));
    watch.bookmark("20");
    await until("the bookmark", () => reflector.store.resourceVersion === "20");
    expect(told).toEqual(["added a@10", "updated a@12", "deleted a@13"]);
  });

  it("compares resourceVersions as numbers", async () => {
    const watch = await startWatching();
    watch.send("MODIFIED", configMap("a", 99));
    watch.send("MODIFIED", configMap("a", 100));
    await toldOf("updated a@100");
    expect(known()).toEqual(["a@100"]);
  });

  it("finds a missed deletion and a missed change by its list every ten minutes, and counts them", async () => {
    const watch = await startWatching();
    watch.send("ADDED", configMap("b", 11));
    watch.bookmark("30");
    await until("the bookmark", () => reflector.store.resourceVersion === "30");
    for (let minute = 0; minute < 10; minute += 1) {
      watch.bookmark("30");
      await settle(20);
      clock.advance(60_000);
    }
    (await server.next()).list("40", [configMap("b", 20), configMap("c", 39)]);
    expect((await nextWatch()).query["resourceVersion"]).toBe("40");
    expect(told.slice(2)).toEqual(["deleted a@10", "updated b@20", "added c@39"]);
    expect(await counted("codybatch_watch_missed_changes_total")).toEqual({ all: 2 });
    expect(watch.open).toBe(false);
  });

  it.each(["a list", "an event"])("tells deletion and addition when a name comes back with another uid by %s", async (way) => {
    const watch = await startWatching();
    const reborn = configMap("a", 15, { uid: "uid-of-another" });
    if (way === "an event") watch.send("ADDED", reborn);
    else {
      watch.send("ERROR", { code: 410 });
      (await server.next()).list("20", [reborn]);
    }
    await toldOf("added a@15");
    expect(told).toEqual(["added a@10", "deleted a@10", "added a@15"]);
    if (way === "an event") watch.send("DELETED", configMap("a", 16));
    await settle();
    expect(reflector.store.get("team-a", "a")?.metadata.uid).toBe("uid-of-another");
  });

  it("refuses a list older than what it knows, unless the server insists: then it was restored from a backup", async () => {
    (await startWatching()).send("ERROR", { code: 410 });
    for (const round of [1, 2]) {
      (await server.next()).list("5", [configMap("a", 5)]);
      await until("the refusal", () => logged.filter((line) => line.includes("older than the cache")).length === round);
      expect(known()).toEqual(["a@10"]);
    }
    (await server.next()).list("5", [configMap("a", 5)]);
    expect((await nextWatch()).query["resourceVersion"]).toBe("5");
    expect(known()).toEqual(["a@5"]);
  });
});

describe("what our own writes were answered with", () => {
  it("is known at once, and the watch that tells of it later tells nothing new", async () => {
    const watch = await startWatching();
    reflector.learn(configMap("b", 11));
    reflector.learn(configMap("a", 12));
    expect(known()).toEqual(["a@12", "b@11"]);
    expect(reflector.store.resourceVersion).toBe("10");
    watch.send("ADDED", configMap("b", 11));
    watch.send("MODIFIED", configMap("a", 12));
    watch.bookmark("20");
    await until("the bookmark", () => reflector.store.resourceVersion === "20");
    expect(told).toEqual(["added a@10", "added b@11", "updated a@12"]);
  });

  it("is not read once more when the watch tells the same", async () => {
    const watch = await startWatching();
    reflector.learn(configMap("b", 11));
    watch.send("ADDED", configMap("b", 11, { value: "unreadable" }));
    watch.send("MODIFIED", configMap("b", 12, { value: "unreadable" }));
    watch.bookmark("20");
    await until("the bookmark", () => reflector.store.resourceVersion === "20");
    expect(logged.filter((line) => line.includes("cannot read an object"))).toHaveLength(1);
  });

  it("does not bring back what the watch has told the end of, and ends when the watch tells it", async () => {
    const watch = await startWatching();
    watch.send("ADDED", configMap("b", 11));
    watch.send("DELETED", configMap("b", 13));
    await toldOf("deleted b@13");
    reflector.learn(configMap("b", 11));
    reflector.learn(configMap("c", 14));
    expect(known()).toEqual(["a@10", "c@14"]);
    watch.send("ADDED", configMap("c", 14));
    watch.send("DELETED", configMap("c", 15));
    await toldOf("deleted c@15");
    expect(known()).toEqual(["a@10"]);
  });

  it("outlives a list that is older, and the end of an earlier namesake", async () => {
    const watch = await startWatching();
    reflector.learn(configMap("a", 22, { uid: "uid-of-another" }));
    reflector.learn(configMap("b", 21));
    watch.send("DELETED", configMap("a", 12));
    watch.send("ERROR", { code: 410 });
    (await server.next()).list("20", [configMap("c", 19)]);
    expect((await nextWatch()).query["resourceVersion"]).toBe("20");
    expect(known()).toEqual(["a@22", "b@21", "c@19"]);
    expect(told).toEqual(["added a@10", "deleted a@10", "added a@22", "added b@21", "added c@19"]);
  });

  it("ends with a list that is newer and lacks it, or that shows a server put back to an older state", async () => {
    const watch = await startWatching();
    reflector.learn(configMap("b", 11));
    watch.send("ERROR", { code: 410 });
    (await server.next()).list("20", []);
    (await nextWatch()).send("ERROR", { code: 410 });
    expect(known()).toEqual([]);
    reflector.learn(configMap("c", 21));
    for (const _ of [1, 2, 3]) (await server.next()).list("5", [configMap("a", 5)]);
    await nextWatch();
    expect(known()).toEqual(["a@5"]);
  });

  it("is left to the watch when slim does not want it or cannot read it, before the first list, and after the stop", async () => {
    reflector.learn(configMap("b", 11));
    await startWatching();
    reflector.learn(configMap("b", 11, { value: "ignored" }));
    reflector.learn(configMap("c", 12, { value: "unreadable" }));
    await reflector.stop();
    reflector.learn(configMap("d", 13));
    expect(known()).toEqual(["a@10"]);
  });
});

describe("faults of our own", () => {
  it("outlives a handler that throws, and counts it", async () => {
    const remember = onChange;
    onChange = (change) => {
      if (change.object.metadata.name === "b") throw new Error("a bug");
      remember(change);
    };
    const watch = await startWatching();
    watch.send("ADDED", configMap("b", 11));
    watch.send("ADDED", configMap("c", 12));
    await toldOf("added c@12");
    expect(known()).toEqual(["a@10", "b@11", "c@12"]);
    expect(await counted("codybatch_watch_handler_errors_total")).toEqual({ all: 1 });
  });

  it("keeps what it knows of an object that it can no longer read, in events and in lists", async () => {
    const watch = await startWatching();
    watch.send("MODIFIED", configMap("a", 11, { value: "unreadable" }));
    watch.send("ERROR", { code: 410 });
    (await server.next()).list("20", [configMap("a", 12, { value: "unreadable" }), configMap("b", 13)]);
    await nextWatch();
    expect(known()).toEqual(["a@10", "b@13"]);
    expect(logged.filter((line) => line.includes("cannot read an object"))).toHaveLength(2);
  });
});

describe("stopping", () => {
  it("ends the watch, tells nothing more and asks nothing more", async () => {
    const watch = await startWatching();
    await reflector.stop();
    await until("the end of the connection", () => !watch.open);
    clock.advance(3_600_000);
    await settle();
    expect(server.requests).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  it("ends in the middle of a back-off without opening another watch", async () => {
    luck = 0.9;
    (await startWatching()).reset();
    await until("the timer of the back-off", () => clock.pending === 1);
    await reflector.stop();
    clock.advance(3_600_000);
    await settle();
    expect(server.requests).toHaveLength(2);
  });

  it("ends in the middle of a list", async () => {
    reflector.start();
    await server.next();
    await reflector.stop();
    expect(reflector.synced).toBe(false);
  });
});

it("counts a refusal as life, since a restart would mend nothing, and says what is missing until it is there", async () => {
  reflector.start();
  const first = await server.next();
  clock.advance(1_000_000);
  first.refuse(403, "Forbidden");
  await until("the refusal", () => reflector.missing !== undefined);
  expect(reflector.missing).toContain("no right to list configmaps in namespace team-a");
  expect(reflector.lastActivity).toBe(1_000_000);
  (await server.next()).list("1", []);
  await until("a whole list", () => reflector.synced);
  expect(reflector.missing).toBeUndefined();
});
