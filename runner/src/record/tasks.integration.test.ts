import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import {
  type DiscoverResult,
  longestFoundPath,
  longestRefusal,
  mostGzippedResult,
  namedSkips,
  recordName,
  storedResult,
  type TrackResult,
} from "@codybatch/crds";
import { afterEach, beforeEach, expect, it } from "vitest";
import { temporary } from "../git/testing/repository.ts";
import { ConfigMapServer } from "./testing/config-map-server.ts";
import { podName, Run, until } from "./testing/run.ts";

const resultName = recordName.result(podName);
const at = { startedAt: "2026-11-21T10:00:00.000Z", finishedAt: "2026-11-21T10:01:00.000Z" };
const batch = { name: "node-24", uid: "batch-uid-1" };
const ofBatch = (task: string): object => ({ version: 1, task, namespace: "team-a", batchChange: batch });
const changeset = { name: "node-24-0123456789", uid: "changeset-uid-1" };
const inputs = {
  publish: { version: 1, task: "publish", namespace: "team-a", batchChange: "node-24", changeset },
  discover: ofBatch("discover"),
  track: ofBatch("track"),
} as const;

let root: ReturnType<typeof temporary>;
let server: ConfigMapServer;
let run: Run | undefined;

beforeEach(async () => {
  root = temporary();
  server = new ConfigMapServer();
  await server.start();
});
afterEach(async () => {
  run?.disconnectAgent();
  await run?.stopRecorder("SIGKILL");
  await server.stop();
  root[Symbol.dispose]();
});

/** A pod of this task that writes this result and ends. */
async function ended(task: keyof typeof inputs, result: object, ...events: readonly string[]): Promise<Run> {
  run = new Run({ root: root.path, apiURL: server.url, input: inputs[task] });
  run.startRecorder();
  await run.connectAgent();
  run.events(...events);
  writeFileSync(run.path("out/result.json"), JSON.stringify(result));
  run.say({ kind: "finished" });
  await until(() => run?.acknowledged === true);
  return run;
}

const refused = { kind: "Refused", reason: "PermissionMissing", message: "No." };
const results = {
  publish: { version: 1, task: "publish", outcome: refused, warnings: [], requests: { api: 1, git: 2 }, ...at },
  discover: { version: 1, task: "discover", outcome: refused, requests: 1, ...at },
  track: { version: 1, task: "track", outcome: refused, pullRequests: [], requests: 1, ...at },
} as const;
const owners = {
  publish: { kind: "Changeset", ...changeset },
  discover: { kind: "BatchChange", ...batch },
  track: { kind: "BatchChange", ...batch },
} as const;
const tasks = ["publish", "discover", "track"] as const;

it.each(tasks)("the result of a %s Job is stored with its transcript, under whom it was done for", async (task) => {
  const { path } = await ended(task, results[task], '{"kind":"step"}').then((pod) => ({ path: pod.path.bind(pod) }));
  expect(server.json(resultName, "result.json")).toEqual(results[task]);
  expect(server.json(resultName, "record.json")).toMatchObject({ ended: "Finished", transcript: { events: 1 } });
  expect(JSON.parse(readFileSync(path("dev/termination-log"), "utf8"))).toEqual({ version: 1, task, kind: "Refused" });
  for (const [name, { metadata }] of server.objects) {
    expect(metadata.ownerReferences).toEqual([{ apiVersion: "codybatch.dev/v1alpha1", ...owners[task] }]);
    expect(metadata.labels).toEqual({
      "codybatch.dev/pod-uid": "pod-uid-1",
      "codybatch.dev/batch-change": "node-24",
      ...(task === "publish" ? { "codybatch.dev/changeset": changeset.name } : {}),
      "codybatch.dev/role": name.slice(podName.length + 1).split("-")[0],
      "app.kubernetes.io/name": "cody-batch",
      "app.kubernetes.io/managed-by": "cody-batch",
    });
  }
});

it.each(tasks)("a %s Job's result of another task is not believed", async (task) => {
  const other = results[task === "track" ? "discover" : "track"];
  await ended(task, other);
  expect(server.objects.get(resultName)?.data).not.toHaveProperty("result.json");
  expect(server.json(resultName, "record.json")).toMatchObject({ ended: "Interrupted" });
});

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~!@#$%^&*()+=[]{};:',<>/?| ";
/** Text without a pattern, so that gzip can do nothing for it. */
function random(length: number, of = 64): string {
  return Array.from(randomBytes(length), (byte) => letters[byte % of]).join("");
}
const name = (): string => `a${random(38, 52)}/${random(100)}`;

function longestDiscovery(): DiscoverResult {
  const repositories = Array.from({ length: 1000 }, () => {
    const one = name();
    const why = { search: true, code: { path: random(longestFoundPath, letters.length), files: 1000 } };
    const url = `https://github.enterprise.acme.example/${one.toLowerCase()}`;
    return { url, name: one, defaultBranch: random(255, letters.length), why, push: "unknown" as const };
  });
  const skipped = Array.from({ length: namedSkips }, () => ({ name: name(), reason: "NotReadable" as const }));
  const extent = { matched: 100_000, read: 1000, truncated: true, incomplete: true };
  const discovery = { found: 2000, skipped, skippedCounts: { NotReadable: 1000 }, search: extent, codeSearch: extent };
  const outcome = { kind: "Discovered" as const, message: random(1024, letters.length), repositories };
  return { version: 1, task: "discover", outcome, discovery, requests: 100, ...at };
}

const owned = (index: number): string => `${"n".repeat(40)}-${random(10, 16)}${index}`.slice(0, 63);
const rateLimit = { cost: 1000, remaining: 0, resetAt: at.finishedAt };

function longestTrack(followed: (index: number) => TrackResult["pullRequests"][number]): TrackResult {
  const outcome = { kind: "Unavailable" as const, message: random(1024, letters.length) };
  const pullRequests = Array.from({ length: 1000 }, (_, index) => followed(index));
  return { version: 1, task: "track", outcome, pullRequests, requests: 100, rateLimit, ...at };
}

const seen = (index: number): TrackResult["pullRequests"][number] => ({
  changeset: owned(index),
  kind: "Seen",
  url: `https://github.enterprise.acme.example/${name()}/pull/${index}`,
  number: index + 1,
  state: "merged",
  draft: false,
  checks: "passing",
  review: "changes_requested",
  mergeable: "conflicting",
  headSHA: randomBytes(32).toString("hex"),
  createdAt: new Date(Date.UTC(2026, 0, 1) + index * 12_345_678).toISOString(),
  closedAt: new Date(Date.UTC(2026, 6, 1) + index * 7_654_321).toISOString(),
  mergedAt: new Date(Date.UTC(2026, 6, 1) + index * 7_654_321).toISOString(),
  humanCommits: true,
});

it.each([
  ["1,000 repositories with the longest names, paths and branches, and all named skips", "discover", longestDiscovery],
  ["1,000 pull requests that were seen", "track", () => longestTrack(seen)],
  [
    "1,000 pull requests with the longest refusals",
    "track",
    () => longestTrack((index) => ({ changeset: owned(index), kind: "Refused", message: random(longestRefusal, letters.length) })),
  ],
] as const)("a result of %s fits", async (_what, task, make) => {
  const result = make();
  expect(storedResult[task].form.safeParse(result).error).toBeUndefined();
  await ended(task, result);
  expect(server.objects.get(resultName)?.data).not.toHaveProperty("result.json");
  expect(JSON.parse(server.gunzipped(resultName, "result.json.gz").toString())).toEqual(result);
  const bytes = Number(server.objects.get(resultName)?.metadata.annotations["codybatch.dev/bytes"]);
  expect(bytes).toBeGreaterThan(100 * 1024);
  expect(bytes).toBeLessThan(mostGzippedResult);
});
