import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { recordName } from "@codybatch/crds";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporary } from "../git/testing/repository.ts";
import type { Asked } from "./testing/config-map-server.ts";
import { ConfigMapServer } from "./testing/config-map-server.ts";
import type { RunOptions } from "./testing/run.ts";
import { describe as describePatch, podName, Run, until } from "./testing/run.ts";

const live = recordName.live(podName);
const patchName = recordName.patch(podName);
const resultName = recordName.result(podName);
const noise = (bytes: number): string => randomBytes(bytes).toString("base64");

let root: ReturnType<typeof temporary>;
let server: ConfigMapServer;
const runs: Run[] = [];

beforeEach(async () => {
  root = temporary();
  server = new ConfigMapServer();
  await server.start();
});
afterEach(async () => {
  for (const run of runs.splice(0)) {
    run.disconnectAgent();
    await run.stopRecorder("SIGKILL");
  }
  await server.stop();
  root[Symbol.dispose]();
});

function begin(options: Partial<RunOptions> = {}): Run {
  const run = new Run({ root: root.path, apiURL: server.url, ...options });
  runs.push(run);
  run.startRecorder();
  return run;
}

const resultStored = (): boolean => server.objects.has(resultName);

async function finish(run: Run): Promise<void> {
  run.say({ kind: "finished" });
  await until(() => run.acknowledged);
}

/** All chunks of the transcript in order. */
function transcript(): string {
  const record = server.json(resultName, "record.json") as { transcript: { refs: string[] } };
  return record.transcript.refs.map((ref) => server.gunzipped(ref, "transcript.jsonl.gz").toString()).join("");
}

function record(): Record<string, unknown> {
  return server.json(resultName, "record.json") ?? {};
}

describe("a run that ends well", () => {
  it("stores patch, transcript and, last, the result; then acknowledges and waits for the pod's end", async () => {
    const run = begin();
    await run.connectAgent();
    run.events('{"kind":"started"}', '{"kind":"ended"}');
    const patch = run.patch("diff --git a/a b/a\n");
    run.progress({ patch });
    run.result({ patch });
    await finish(run);
    expect(server.json(resultName, "result.json")).toMatchObject({ reason: "Reported", patch });
    expect(record()).toEqual({
      version: 1,
      ended: "Finished",
      transcript: { refs: [recordName.transcript(podName, 0)], events: 2, bytes: expect.any(Number), truncated: false },
      patchRef: patchName,
    });
    expect(server.gunzipped(patchName, "change.patch.gz").toString()).toBe("diff --git a/a b/a\n");
    expect(transcript()).toBe('{"kind":"started"}\n{"kind":"ended"}\n');
    expect(server.asked.filter(({ method }) => method === "POST").length).toBeGreaterThan(2);
    expect(run.recorderExit).toBeNull();
    expect(await run.stopRecorder("SIGTERM")).toBe(0);
    expect(JSON.parse(readFileSync(run.path("dev/termination-log"), "utf8"))).toMatchObject({ reason: "Reported", digest: patch.digest });
  });

  it("labels, owns and measures every object, and freezes only the transcript", async () => {
    const run = begin();
    await run.connectAgent();
    run.events("{}");
    const patch = run.patch("p");
    run.progress({ patch });
    await until(() => server.objects.has(live));
    run.result({ patch });
    await finish(run);
    for (const [name, object] of server.objects) {
      expect(object.metadata.labels).toMatchObject({
        "codybatch.dev/pod-uid": "pod-uid-1",
        "codybatch.dev/batch-change": "node-24",
        "codybatch.dev/changeset": "node-24-0123456789",
        "codybatch.dev/role": name.slice(podName.length + 1).split("-")[0],
      });
      const owner = { apiVersion: "codybatch.dev/v1alpha1", kind: "Changeset", name: "node-24-0123456789", uid: "changeset-uid-1" };
      expect(object.metadata.ownerReferences).toEqual([owner]);
      expect(Number(object.metadata.annotations["codybatch.dev/bytes"])).toBeGreaterThan(0);
      expect(object.immutable ?? false).toBe(name.includes("-transcript-"));
    }
    expect([...server.objects.keys()].toSorted()).toEqual([live, patchName, resultName, recordName.transcript(podName, 0)]);
    expect(server.asked.every(({ authorization }) => authorization === "Bearer token-1")).toBe(true);
  });

  it("stores what clone said when there is neither transcript nor progress", async () => {
    const run = begin();
    run.result({ reason: "RepositoryNotFound", message: "It does not exist." });
    await run.connectAgent();
    await finish(run);
    expect(server.json(resultName, "result.json")).toMatchObject({ reason: "RepositoryNotFound" });
    expect(record()).toMatchObject({ ended: "Finished", transcript: { refs: [], events: 0 } });
    expect([...server.objects.keys()]).toEqual([resultName]);
  });

  it("keeps a long transcript whole in chunks below the limit, each written once", async () => {
    const run = begin();
    await run.connectAgent();
    const lines = Array.from({ length: 60 }, (_, index) => JSON.stringify({ index, text: noise(40_000) }));
    for (let at = 0; at < lines.length; at += 6) {
      run.events(...lines.slice(at, at + 6));
      run.progress({ turn: at });
      await until(() => Number(server.json(live, "progress.json")?.["turn"] ?? -1) === at);
    }
    run.result();
    await finish(run);
    expect(transcript()).toBe(lines.map((line) => `${line}\n`).join(""));
    expect(record()).toMatchObject({ transcript: { events: 60, truncated: false } });
    for (const object of server.objects.values()) expect(JSON.stringify(object).length).toBeLessThan(900 * 1024);
    const chunks = (record()["transcript"] as { refs: string[] }).refs;
    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks).toEqual(chunks.map((_, index) => recordName.transcript(podName, index)));
  });

  it("takes what looks like a credential out of the transcript, and leaves the patch as it is", async () => {
    const key = `sk-ant-api03-${"x".repeat(40)}`;
    const run = begin();
    await run.connectAgent();
    run.events(JSON.stringify({ text: key }));
    const patch = run.patch(`+${key}\n`);
    run.result({ patch, message: `It says ${key}` });
    await finish(run);
    expect(transcript()).toBe('{"text":"[redacted]"}\n');
    expect(server.json(resultName, "result.json")?.["message"]).toBe("It says [redacted]");
    expect(server.gunzipped(patchName, "change.patch.gz").toString()).toBe(`+${key}\n`);
  });

  it("reads the token anew after the kubelet renewed it", async () => {
    const run = begin();
    await run.connectAgent();
    run.progress();
    await until(() => server.objects.has(live));
    writeFileSync(run.path("token/token"), "token-2\n");
    run.result();
    await finish(run);
    expect(server.asked.at(-1)?.authorization).toBe("Bearer token-2");
  });
});

describe("the live state", () => {
  it("follows progress, tail and patch", async () => {
    const run = begin();
    await run.connectAgent();
    run.events("1");
    run.progress({ turn: 1 });
    await until(() => server.json(live, "progress.json")?.["turn"] === 1);
    expect(server.gunzipped(live, "transcript.jsonl.gz").toString()).toBe("1\n");
    const patch = run.patch("new");
    run.events("2", "3");
    run.progress({ turn: 2, patch });
    await until(() => server.json(live, "progress.json")?.["turn"] === 2);
    expect(server.gunzipped(live, "transcript.jsonl.gz").toString()).toBe("1\n2\n3\n");
    expect(server.gunzipped(live, "change.patch.gz").toString()).toBe("new");
    expect(server.json(live, "record.json")).toMatchObject({ ended: "Running", patchRef: live, transcript: { events: 3 } });
  });

  it("shows only whole lines", async () => {
    const run = begin();
    writeFileSync(run.path("out/transcript.jsonl"), "1\n2");
    run.progress();
    await until(() => server.objects.has(live));
    expect(server.gunzipped(live, "transcript.jsonl.gz").toString()).toBe("1\n");
  });

  it("leaves a patch out that is too large for it", async () => {
    const run = begin();
    run.progress({ patch: run.patch(noise(300 * 1024)) });
    await until(() => server.objects.has(live));
    expect(server.objects.get(live)?.binaryData).toEqual({});
  });

  it("is not written more often than allowed, nor when nothing is new", async () => {
    const run = begin({ env: { CODYBATCH_LIVE_SECONDS: "3600" } });
    run.progress({ turn: 1 });
    await until(() => server.objects.has(live));
    run.progress({ turn: 2 });
    await run.connectAgent();
    run.result();
    await finish(run);
    expect(server.json(live, "progress.json")?.["turn"]).toBe(1);
  });
});

describe("limits", () => {
  it("names a patch that is too large, with the way out, and keeps the rest", async () => {
    const run = begin();
    await run.connectAgent();
    run.events("{}");
    run.result({ patch: run.patch(noise(1024 * 1024)) });
    await finish(run);
    const result = server.json(resultName, "result.json");
    expect(result).toMatchObject({ reason: "PatchTooLarge", message: expect.stringMatching(/KiB gzipped.*PersistentVolumeClaim/) });
    expect(result).not.toHaveProperty("patch");
    expect(record()).not.toHaveProperty("patchRef");
    expect(transcript()).toBe("{}\n");
  });

  it("stops the transcript where the run's room ends, and still stores patch and result", async () => {
    const run = begin({ maxBytes: 600 * 1024 });
    await run.connectAgent();
    for (let index = 0; index < 30; index += 1) run.events(JSON.stringify({ index, text: noise(40_000) }));
    const patch = run.patch(noise(100 * 1024));
    run.result({ patch });
    await finish(run);
    expect(record()).toMatchObject({ patchRef: patchName, transcript: { truncated: true } });
    const stored = [...server.objects.entries()].filter(([name]) => name !== live);
    const bytes = stored.reduce((sum, [, { metadata }]) => sum + Number(metadata.annotations["codybatch.dev/bytes"]), 0);
    expect(bytes).toBeLessThanOrEqual(600 * 1024);
    expect(transcript().startsWith('{"index":0,')).toBe(true);
    expect(transcript().endsWith("\n")).toBe(true);
  });

  it("gives up the transcript at a line that fits nowhere", async () => {
    const run = begin();
    await run.connectAgent();
    run.events("1", noise(2 * 1024 * 1024), "3");
    run.result();
    await finish(run);
    expect(transcript()).toBe("1\n");
    expect(record()).toMatchObject({ transcript: { truncated: true, events: 1 } });
  });

  it.each([
    ["a patch that is not the reported one", (run: Run) => run.result({ patch: describePatch(Buffer.from("other")) }), "Finished"],
    ["a result that is no JSON", (run: Run) => writeFileSync(run.path("out/result.json"), '{"version":1,'), "Interrupted"],
    ["an empty result", (run: Run) => writeFileSync(run.path("out/result.json"), ""), "Interrupted"],
    ["a result that is a link", (run: Run) => symlinkSync("/etc/hostname", run.path("out/result.json")), "Interrupted"],
    ["a result that is a folder", (run: Run) => mkdirSync(run.path("out/result.json")), "Interrupted"],
    ["a result that is far too long", (run: Run) => writeFileSync(run.path("out/result.json"), noise(1024 * 1024)), "Interrupted"],
  ])("does not believe %s", async (_, write, ended) => {
    const run = begin();
    await run.connectAgent();
    run.patch("real");
    write(run);
    await finish(run);
    expect(record()).toMatchObject({ ended });
    expect(server.objects.has(patchName)).toBe(false);
    const reason = server.json(resultName, "result.json")?.["reason"];
    expect(reason).toBe(ended === "Finished" ? "InternalError" : undefined);
  });
});

describe("the agent is lost", () => {
  it("when it stays away: what is there is stored as interrupted", async () => {
    const run = begin();
    await run.connectAgent();
    run.events("1");
    const patch = run.patch("half");
    run.progress({ patch });
    run.disconnectAgent();
    await until(resultStored);
    expect(record()).toMatchObject({ ended: "Interrupted", patchRef: patchName });
    expect(server.json(resultName, "progress.json")).toMatchObject({ patch });
    expect(server.objects.get(resultName)?.data).not.toHaveProperty("result.json");
    expect(JSON.parse(readFileSync(run.path("dev/termination-log"), "utf8"))).toMatchObject({
      reason: "Interrupted",
      usage: { output: 20 },
    });
  });

  it("but not before its first connection", async () => {
    const run = begin({ env: { CODYBATCH_AGENT_LOST_SECONDS: "0.05" } });
    run.progress();
    await until(() => server.objects.has(live));
    run.progress({ turn: 2 });
    await until(() => server.json(live, "progress.json")?.["turn"] === 2);
    expect(resultStored()).toBe(false);
  });

  it("but not when it comes back in time", async () => {
    const run = begin({ env: { CODYBATCH_AGENT_LOST_SECONDS: "5" } });
    await run.connectAgent();
    run.disconnectAgent();
    await run.connectAgent();
    run.result();
    await finish(run);
    expect(record()).toMatchObject({ ended: "Finished" });
  });

  it("after its result was in place: that counts", async () => {
    const run = begin();
    await run.connectAgent();
    run.result();
    run.disconnectAgent();
    await until(resultStored);
    expect(record()).toMatchObject({ ended: "Finished" });
  });

  it("between patch and progress, before anybody saw the earlier patch: that one is stored", async () => {
    const run = begin();
    await run.connectAgent();
    const patch = run.patch("earlier");
    renameSync(run.path("out/change.patch"), run.path("out/earlier.patch"));
    run.patch("newer");
    run.progress({ patch });
    run.disconnectAgent();
    await until(resultStored);
    expect(server.gunzipped(patchName, "change.patch.gz").toString()).toBe("earlier");
  });

  it("between patch and progress: the last patch that fits is stored", async () => {
    const run = begin();
    await run.connectAgent();
    const patch = run.patch("old");
    run.progress({ patch });
    await until(() => server.objects.get(live)?.binaryData["change.patch.gz"] !== undefined);
    run.patch("newer, of which progress does not know");
    run.disconnectAgent();
    await until(resultStored);
    expect(server.gunzipped(patchName, "change.patch.gz").toString()).toBe("old");
    expect(server.json(resultName, "progress.json")).toMatchObject({ patch });
  });
});

describe("SIGTERM", () => {
  it("waits for an agent that is still here, then stores and exits", async () => {
    const run = begin();
    await run.connectAgent();
    run.progress();
    await until(() => server.objects.has(live));
    run.interruptRecorder();
    run.progress({ turn: 7 });
    await until(() => server.json(live, "progress.json")?.["turn"] === 7);
    run.result();
    await finish(run);
    expect(record()).toMatchObject({ ended: "Finished" });
    await until(() => run.recorderExit === 0);
  });

  it("gives up an agent that does not end within the grace", async () => {
    const run = begin({ env: { CODYBATCH_RECORDER_GRACE_SECONDS: "0.2" } });
    await run.connectAgent();
    run.events("1");
    expect(await run.stopRecorder("SIGTERM")).toBe(0);
    expect(record()).toMatchObject({ ended: "Interrupted", transcript: { events: 1 } });
  });

  it("ends at once when there is no agent", async () => {
    const run = begin();
    run.progress();
    await until(() => server.objects.has(live));
    expect(await run.stopRecorder("SIGTERM")).toBe(0);
    expect(record()).toMatchObject({ ended: "Interrupted" });
  });
});

describe("faults of the API server", () => {
  it("an outage during the end delays the result, and loses nothing", async () => {
    const run = begin();
    await run.connectAgent();
    run.events("1", "2");
    await server.stop();
    run.result({ patch: run.patch("p") });
    run.say({ kind: "finished" });
    await until(() => run.logged.split("not stored yet").length > 3);
    expect(run.acknowledged).toBe(false);
    await server.start();
    await until(() => run.acknowledged);
    expect(transcript()).toBe("1\n2\n");
  });

  it.each([401, 403, 404, 409, 429, 500, 503])("every write answers %i for a while", async (status) => {
    const run = begin();
    let refusals = 4;
    server.mishap = ({ method }) => (method !== "GET" && refusals-- > 0 ? status : undefined);
    await run.connectAgent();
    run.events("1");
    run.result({ patch: run.patch("p") });
    await finish(run);
    expect(transcript()).toBe("1\n");
    expect(server.objects.has(patchName)).toBe(true);
  });

  it.each<[string, "drop" | "drop after"]>([
    ["before they are carried out", "drop"],
    ["after they were carried out", "drop after"],
  ])("connections break %s", async (_, how) => {
    const run = begin();
    const broken = new Set<string>();
    server.mishap = ({ method, name }: Asked) => {
      const key = `${method} ${name} ${method === "POST" ? server.objects.size : ""}`;
      if (broken.has(key)) return undefined;
      broken.add(key);
      return how;
    };
    await run.connectAgent();
    run.events("1", "2");
    run.result({ patch: run.patch("p") });
    await finish(run);
    expect(transcript()).toBe("1\n2\n");
    expect(server.gunzipped(patchName, "change.patch.gz").toString()).toBe("p");
    expect(record()).toMatchObject({ ended: "Finished", transcript: { events: 2 } });
  });

  it("does not take another pod's object for its own", async () => {
    const run = begin();
    const foreign = { metadata: { name: resultName, labels: { "codybatch.dev/pod-uid": "other" }, annotations: {}, ownerReferences: [] } };
    server.objects.set(resultName, { ...foreign, data: {}, binaryData: {} });
    await run.connectAgent();
    run.result();
    run.say({ kind: "finished" });
    await until(() => run.logged.includes("is not of this pod"));
    expect(run.acknowledged).toBe(false);
    server.objects.delete(resultName);
    await until(() => run.acknowledged);
  });
});

describe("a restarted recorder", () => {
  const moments: readonly (readonly [string, (asked: Asked) => boolean])[] = [
    ["before the first chunk", ({ method }) => method === "POST" && !server.objects.has(recordName.transcript(podName, 0))],
    ["between chunks", ({ method }) => method === "POST" && server.objects.has(recordName.transcript(podName, 1))],
    ["at the patch", ({ name }) => name === patchName],
    [
      "at the result",
      ({ method }) => method === "POST" && server.objects.has(patchName) && server.objects.has(recordName.transcript(podName, 2)),
    ],
  ];

  it.each(
    moments.flatMap(([when, which]) =>
      [true, false].map((first) => [when, first ? "carried out" : "not carried out", which, first] as const),
    ),
  )("killed %s (%s) goes on where it was", async (_, __, which, carriedOut) => {
    const run = begin({ env: { CODYBATCH_LIVE_SECONDS: "3600" } });
    let killed: Promise<unknown> | undefined;
    server.mishap = (asked) => {
      if (killed !== undefined || asked.name === live || !which(asked)) return undefined;
      killed = run.stopRecorder("SIGKILL");
      return carriedOut ? "drop after" : "drop";
    };
    await run.connectAgent();
    const lines = Array.from({ length: 50 }, (_item, index) => JSON.stringify({ index, text: noise(40_000) }));
    run.events(...lines);
    run.result({ patch: run.patch("p") });
    run.say({ kind: "finished" });
    await until(() => killed !== undefined);
    await killed;
    run.startRecorder();
    await run.connectAgent();
    await finish(run);
    expect(transcript()).toBe(lines.map((line) => `${line}\n`).join(""));
    expect(record()).toMatchObject({ ended: "Finished", transcript: { events: 50 }, patchRef: patchName });
  });

  it("that lost its memory adopts the chunks of its own pod", async () => {
    const run = begin();
    await run.connectAgent();
    const lines = Array.from({ length: 30 }, (_, index) => JSON.stringify({ index, text: noise(40_000) }));
    run.events(...lines.slice(0, 12));
    await until(() => server.objects.has(recordName.transcript(podName, 0)));
    await run.stopRecorder("SIGKILL");
    rmSync(run.path("tmp/recorder.json"));
    run.events(...lines.slice(12));
    run.startRecorder();
    await run.connectAgent();
    run.result();
    await finish(run);
    expect(transcript()).toBe(lines.map((line) => `${line}\n`).join(""));
    expect(record()).toMatchObject({ transcript: { events: 30 } });
  });

  it("acknowledges at once when the result was stored", async () => {
    const run = begin();
    await run.connectAgent();
    run.result();
    await finish(run);
    await run.stopRecorder("SIGKILL");
    const asked = server.asked.length;
    run.startRecorder();
    await run.connectAgent();
    await finish(run);
    expect(server.asked).toHaveLength(asked);
  });

  it("still counts an agent as lost that was here before", async () => {
    const run = begin();
    await run.connectAgent();
    await until(() => existsSync(run.path("tmp/recorder.json")));
    await run.stopRecorder("SIGKILL");
    run.disconnectAgent();
    run.startRecorder();
    await until(resultStored);
    expect(record()).toMatchObject({ ended: "Interrupted" });
  });
});

describe("on a claim", () => {
  it("goes the whole transcript as one gzip file and a large patch; small ones are also ConfigMaps", async () => {
    const run = begin({ claim: true, maxBytes: 64 * 1024 * 1024 });
    await run.connectAgent();
    const lines = Array.from({ length: 40 }, (_, index) => JSON.stringify({ index, text: noise(40_000) }));
    for (let at = 0; at < lines.length; at += 10) {
      run.events(...lines.slice(at, at + 10));
      run.progress({ turn: at });
      await until(() => Number(server.json(live, "progress.json")?.["turn"] ?? -1) === at);
    }
    const large = noise(2 * 1024 * 1024);
    run.result({ patch: run.patch(large) });
    await finish(run);
    expect(record()).toMatchObject({
      patchRef: `pvc:${podName}/change.patch.gz`,
      transcript: { refs: [`pvc:${podName}/transcript.jsonl.gz`], events: 40, truncated: false },
    });
    expect(gunzipSync(readFileSync(run.path("results/transcript.jsonl.gz"))).toString()).toBe(lines.map((line) => `${line}\n`).join(""));
    expect(gunzipSync(readFileSync(run.path("results/change.patch.gz"))).toString()).toBe(large);
    expect([...server.objects.keys()].toSorted()).toEqual([live, resultName]);
  });

  it("a small patch has its ConfigMap", async () => {
    const run = begin({ claim: true });
    await run.connectAgent();
    run.result({ patch: run.patch("small") });
    await finish(run);
    expect(record()).toMatchObject({ patchRef: patchName });
    expect(gunzipSync(readFileSync(run.path("results/change.patch.gz"))).toString()).toBe("small");
  });

  it.each([
    [
      "a small patch has its ConfigMap all the same",
      "small",
      { result: { reason: "Reported" }, record: { patchRef: patchName, transcript: { refs: [], truncated: true } } },
    ],
    [
      "a large patch is named with what to do",
      noise(512 * 1024),
      { result: { reason: "InternalError", message: expect.stringMatching(/claim cannot be written.*docs\/guide\/claim/) as string } },
    ],
  ])("that cannot be written keeps nothing waiting: %s", async (_, text, want) => {
    const run = begin({ claim: true });
    rmSync(run.path("results"), { recursive: true });
    writeFileSync(run.path("results"), "not a folder");
    await run.connectAgent();
    run.events("{}");
    run.result({ patch: run.patch(text) });
    await finish(run);
    expect({ result: server.json(resultName, "result.json"), record: record() }).toMatchObject(want);
  });

  it("names a patch that is too large for it, without advising the claim that is in use", async () => {
    const run = begin({ claim: true, maxBytes: 128 * 1024 });
    await run.connectAgent();
    run.result({ patch: run.patch(noise(256 * 1024)) });
    await finish(run);
    const { reason, message } = server.json(resultName, "result.json") ?? {};
    expect(reason).toBe("PatchTooLarge");
    expect(message).toMatch(/^The patch has \d+ KiB gzipped, 64 KiB fit\. Ask for a smaller change\.$/);
  });
});
