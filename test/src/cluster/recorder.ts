import { gzipSync } from "node:zlib";
import { annotation, apiVersion, label, patchDigest, recordKey, recordName } from "@codybatch/crds";
import type { RecordPart, RunPatch, RunProgress, RunRecord, RunResult, RunUsage } from "@codybatch/crds";
import type { Api } from "./api.ts";
import { inputOf, type Pod } from "./pod.ts";

const baseCommit = "b".repeat(40);
const usage: RunUsage = { input: 1000, output: 200, cacheRead: 5000, cacheWrite: 300, turns: 3, costNanoUSD: 50_000_000 };

/** A patch that changes one line to this text. */
export function patchOf(text: string): { readonly bytes: Buffer; readonly told: RunPatch } {
  const bytes = Buffer.from(`--- a/f\n+++ b/f\n@@ -1 +1 @@\n-old\n+${text}\n`);
  const size = { bytes: bytes.length, filesChanged: 1, additions: 1, deletions: 1 };
  return { bytes, told: { digest: patchDigest(baseCommit, bytes), baseCommit, tree: "c".repeat(40), ...size } };
}

/** Stores `-live` as a recorder does in mid-run: the progress so far and the patch so far. */
export async function storeLive(api: Api, pod: Pod, text: string): Promise<RunPatch> {
  const { bytes, told } = patchOf(text);
  const data = { record: recordOf("Running", recordName.live(pod.metadata.name)), progress: progressOf(told) };
  await store(api, pod, { part: "live", name: recordName.live(pod.metadata.name), data, patch: bytes });
  return told;
}

/** Stores what a recorder stores when the agent never finished: the patch of the last progress, and `-result` without a result. */
export async function storeInterrupted(api: Api, pod: Pod, text: string): Promise<RunPatch> {
  const { bytes, told } = patchOf(text);
  const patchRef = recordName.patch(pod.metadata.name);
  await store(api, pod, { part: "patch", name: patchRef, data: {}, patch: bytes });
  const data = { record: recordOf("Interrupted", patchRef), progress: progressOf(told) };
  await store(api, pod, { part: "result", name: recordName.result(pod.metadata.name), data });
  return told;
}

/** Stores a reported result; with a text there is a patch. */
export async function storeReported(api: Api, pod: Pod, text?: string): Promise<RunPatch | undefined> {
  const patch = text === undefined ? undefined : patchOf(text);
  const { filesChanged, additions, deletions } = patch?.told ?? { filesChanged: 0, additions: 0, deletions: 0 };
  const said = { wereChangesNecessary: patch !== undefined, summary: text ?? "Nothing to do", explanation: "It is so." };
  const report = { ...said, filesChanged, additions, deletions };
  const patchRef = recordName.patch(pod.metadata.name);
  if (patch !== undefined) await store(api, pod, { part: "patch", name: patchRef, data: {}, patch: patch.bytes });
  const result = resultOf({ reason: "Reported", message: "Claude reported.", report, ...(patch && { patch: patch.told }) });
  const data = { record: recordOf("Finished", patch && patchRef), result };
  await store(api, pod, { part: "result", name: recordName.result(pod.metadata.name), data });
  return patch?.told;
}

/** Stores the result of a run that came to nothing. */
export async function storeFailed(api: Api, pod: Pod, reason: RunResult["reason"], message: string): Promise<void> {
  const data = { record: recordOf("Finished"), result: resultOf({ reason, message }) };
  await store(api, pod, { part: "result", name: recordName.result(pod.metadata.name), data });
}

function recordOf(ended: RunRecord["ended"], patchRef?: string): RunRecord {
  return {
    version: 1,
    ended,
    transcript: { refs: [], events: 7, bytes: 0, truncated: false },
    ...(patchRef !== undefined && { patchRef }),
  };
}

function progressOf(patch: RunPatch): RunProgress {
  return { version: 1, turn: 3, activity: "edit_file f", usage, inFlightNanoUSD: 0, patch, updatedAt: new Date().toISOString() };
}

function resultOf(said: Pick<RunResult, "reason" | "message"> & Partial<RunResult>): RunResult {
  const at = new Date().toISOString();
  return { version: 1, usage, warnings: [], startedAt: at, finishedAt: at, ...said };
}

interface Entry {
  readonly part: RecordPart;
  readonly name: string;
  readonly data: Partial<Readonly<Record<"record" | "progress" | "result", object>>>;
  readonly patch?: Buffer;
}

async function store(api: Api, pod: Pod, { part, name, data, patch }: Entry): Promise<void> {
  const { metadata } = pod;
  const { batchChange, changeset } = inputOf(pod);
  const texts = Object.entries(data).map(([key, value]) => [recordKey[key as keyof typeof data], JSON.stringify(value)] as const);
  const bytes = patch === undefined ? undefined : gzipSync(patch);
  await api.must("POST", `/api/v1/namespaces/${metadata.namespace}/configmaps`, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name,
      labels: {
        [label.podUID]: metadata.uid,
        [label.batchChange]: batchChange,
        [label.changeset]: changeset.name,
        [label.role]: part,
      },
      annotations: { [annotation.bytes]: String(texts.reduce((sum, [, text]) => sum + text.length, bytes?.length ?? 0)) },
      ownerReferences: [{ apiVersion, kind: "Changeset", ...changeset }],
    },
    data: Object.fromEntries(texts),
    ...(bytes !== undefined && { binaryData: { [recordKey.patchGz]: bytes.toString("base64") } }),
  });
}
