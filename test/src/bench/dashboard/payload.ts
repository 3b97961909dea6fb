import { gzipSync } from "node:zlib";
import { label, recordKey, recordName } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import type { Client } from "@codybatch/operator";
import { batchManifest } from "../batch.ts";

const namespace = "default";
/** The batch whose repositories have something to show; made last, so that it is first in the list. */
export const shownBatch = "shown";
const podUID = "pod-uid";
const at = "2026-11-20T10:00:00Z";
const usage = { input: 812, output: 420, cacheRead: 18_200, cacheWrite: 2100, turns: 1, costNanoUSD: 31_200_000 };

export const shownBatchAddress = `/batches/${namespace}/${shownBatch}`;

/** Address of a repository's page. */
export function addressOf(changeset: string, tab: "diff" | "transcript" | "checks"): string {
  return `${shownBatchAddress}/${changeset}?tab=${tab}`;
}

/** New files of so many lines each. */
export function patchOf(files: number, lines: number): string {
  const added = Array.from(
    { length: lines },
    (_none, line) => `+export const value${line} = compute(${line}, "of the file", value${line - 1});\n`,
  );
  return Array.from({ length: files }, (_none, file) =>
    [
      `diff --git a/src/file${file}.ts b/src/file${file}.ts\n`,
      "new file mode 100644\n",
      `--- /dev/null\n+++ b/src/file${file}.ts\n@@ -0,0 +1,${lines} @@\n`,
      ...added,
    ].join(""),
  ).join("");
}

/** Events from a number on: turns of an answer, two tools' results and now and then a check. */
export function eventsOf(from: number, count: number): readonly object[] {
  return Array.from({ length: count }, (_none, index) => eventOf(from + index));
}

function eventOf(index: number): object {
  const turn = 1 + Math.floor(index / 4);
  const base = { at, turn };
  if (index % 4 === 0) {
    const text = { type: "text", text: `Now **file ${index}**: it has to be read before it is changed, and then its tests run.` };
    const call = {
      type: "tool_use",
      id: `call${index}`,
      name: index % 8 === 0 ? "read_file" : "edit_file",
      input: { path: `src/file${index}.ts` },
    };
    return {
      kind: "assistant",
      ...base,
      messageID: `msg_${index}`,
      stopReason: "tool_use",
      content: [text, call],
      usage,
      durationMs: 2400,
    };
  }
  if (index % 4 === 3 && index % 16 === 3)
    return {
      kind: "check",
      ...base,
      name: "test",
      on: "change",
      exitCode: index % 5 === 0 ? 1 : 0,
      durationMs: 8000,
      output: "ok 1\nok 2\n".repeat(20),
    };
  return {
    kind: "tool",
    ...base,
    toolUseID: `call${index}`,
    name: "read_file",
    isError: index % 50 === 1,
    output: "line of a file\n".repeat(30),
    durationMs: 12,
  };
}

const linesOf = (events: readonly object[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join("");

/** What of a repository can be opened. */
export interface Shown {
  readonly patch?: string;
  readonly events?: number;
}

/** The batch of them. */
export async function showBatch(client: Client): Promise<void> {
  await client.create(resources.batchChanges, namespace, batchManifest(shownBatch, ["https://github.com/acme/shown"], 5));
  await setFailed(client, 0);
}

/** Changes what its row in the list says. */
export async function setFailed(client: Client, failed: number): Promise<void> {
  const status = { phase: "Running", progress: "0/3", counts: { running: 3, failed } };
  await client.mergePatch(resources.batchChanges, namespace, shownBatch, { status }, "status");
}

/** An ended repository with its patch and transcript in ConfigMaps. */
export async function showEnded(client: Client, name: string, { patch = "", events = 0 }: Shown): Promise<void> {
  const pod = `${name}-0-1-abcde`;
  const refs = Array.from({ length: Math.ceil(events / chunkEvents) }, (_none, chunk) => recordName.transcript(pod, chunk));
  const stored = {
    digest: `sha256:${"a".repeat(64)}`,
    baseCommit: "b".repeat(40),
    tree: "c".repeat(40),
    bytes: patch.length,
    ref: recordName.patch(pod),
  };
  const transcript = { refs, events };
  const attempt = {
    attempt: 0,
    try: 1,
    job: `${name}-0-1`,
    pod,
    outcome: "Reported",
    reason: "Reported",
    inputsHash: "d".repeat(16),
    chargedNanoUSD: 812_345_678,
    startedAt: at,
    finishedAt: at,
    patch: stored,
    transcript,
  };
  const owner = await makeChangeset(client, name, { phase: "Ready", attempts: [attempt], patch: stored, transcript });
  const store = storeIn(client, name, owner);
  await store("patch", stored.ref, { [recordKey.patchGz]: patch });
  await storeChunks(store, refs, events);
}

const chunkEvents = 1000;

async function storeChunks(store: Store, refs: readonly string[], events: number): Promise<void> {
  for (const [chunk, ref] of refs.entries()) {
    const from = chunk * chunkEvents;
    await store("transcript", ref, { [recordKey.transcriptGz]: linesOf(eventsOf(from, Math.min(chunkEvents, events - from))) });
  }
}

/** A running repository with so many events; what is returned adds more. */
export async function showRunning(client: Client, name: string, events: number): Promise<(count: number) => Promise<void>> {
  const pod = `${name}-0-1-abcde`;
  const owner = await makeChangeset(client, name, { phase: "Running", job: `${name}-0-1`, pod: { name: pod, uid: podUID } });
  const store = storeIn(client, name, owner);
  const live = recordName.live(pod);
  const refs = Array.from({ length: events / chunkEvents }, (_none, chunk) => recordName.transcript(pod, chunk));
  await storeChunks(store, refs, events);
  const record = (total: number): object => {
    const transcript = { refs: [...refs, live], events: total, bytes: total * 200, truncated: false };
    return { [recordKey.record]: JSON.stringify({ version: 1, ended: "Running", transcript }) };
  };
  const tail = (total: number): Readonly<Record<string, string>> => ({
    [recordKey.transcriptGz]: linesOf(eventsOf(events, total - events)),
  });
  let total = events + 1;
  await store("live", live, tail(total), record(total));
  return async (count) => {
    total += count;
    await client.mergePatch(resources.configMaps, namespace, live, { data: record(total), binaryData: packed(tail(total)) });
  };
}

async function makeChangeset(client: Client, name: string, status: object): Promise<string> {
  const repository = { url: `https://github.com/acme/${name}`, name: `acme/${name}` };
  const manifest = {
    apiVersion: "codybatch.dev/v1alpha1",
    kind: "Changeset",
    metadata: { name },
    spec: { batchChange: shownBatch, repository },
  };
  const { metadata } = await client.create(resources.changesets, namespace, manifest);
  await client.mergePatch(resources.changesets, namespace, name, { status }, "status");
  return metadata.uid;
}

type Store = (role: string, name: string, texts: Readonly<Record<string, string>>, plain?: object) => Promise<void>;

/** Stores as the recorder does. */
function storeIn(client: Client, changeset: string, uid: string): Store {
  return async (role, name, texts, plain = {}) => {
    const metadata = {
      name,
      labels: { [label.role]: role, [label.changeset]: changeset, [label.podUID]: podUID },
      ownerReferences: [{ apiVersion: "codybatch.dev/v1alpha1", kind: "Changeset", name: changeset, uid }],
    };
    await client.create(resources.configMaps, namespace, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      data: plain,
      binaryData: packed(texts),
    });
  };
}

function packed(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, gzipSync(text).toString("base64")]));
}
