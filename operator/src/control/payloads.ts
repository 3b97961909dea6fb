import { gunzipSync } from "node:zlib";
import {
  label,
  mostPlainResult,
  recordKey,
  recordName,
  RunProgress,
  RunRecord,
  RunResult,
  storedResult,
  TaskResult,
} from "@codybatch/crds";
import { z } from "zod";
import type { Client } from "../cluster/client.ts";
import { resources } from "../cluster/resource.ts";
import type { ObservedRun } from "../reconcile/observed.ts";
import type { TaskRun } from "../reconcile/task/task.ts";

/** A pod whose records may be read: one of our own Job, or one that status names as such. */
export interface KnownPod {
  readonly namespace: string;
  readonly job: string;
  readonly name: string;
  readonly uid: string;
}

const Payload = z.object({
  data: z.record(z.string(), z.string()).default({}),
  binaryData: z.record(z.string(), z.string()).default({}),
});
type Payload = z.infer<typeof Payload>;
type Texts = Readonly<Record<string, string>>;

/** Reads, live, what the recorder of one pod stored: the result, and what is only in `-live` when there is no result of the agent's. */
export async function readRun(client: Client, pod: KnownPod): Promise<ObservedRun> {
  const base = { job: pod.job, pod: pod.name, podUID: pod.uid };
  const stored = await readRecord(client, pod, recordName.result(pod.name));
  if (stored !== undefined) return { ...base, hasResult: true, hasLive: false, ...contentOf(stored.data) };
  const live = await readRecord(client, pod, recordName.live(pod.name));
  return { ...base, hasResult: false, hasLive: live !== undefined, ...(live === undefined ? {} : contentOf(live.data)) };
}

/** Reads, live, what the recorder of a task's pod stored; undefined when there is no result yet. */
export async function readTask(client: Client, pod: KnownPod): Promise<TaskRun | undefined> {
  const ref = recordName.result(pod.name);
  const stored = await readRecord(client, pod, ref);
  if (stored === undefined) return undefined;
  const { value, fault, isPacked } = taskResultOf(stored);
  const base = { job: pod.job, pod: pod.name, ref, ...(isPacked === true && { isPacked }) };
  if (value !== undefined) return { ...base, result: value };
  return { ...base, unreadable: fault ?? "it has no result" };
}

/** Undefined when there is none, or when it is another pod's. */
async function readRecord(client: Client, pod: KnownPod, name: string): Promise<Payload | undefined> {
  const found = await client.get(resources.configMaps, pod.namespace, name);
  if (found === undefined || found.metadata.labels?.[label.podUID] !== pod.uid) return undefined;
  return payloadOf(found);
}

function payloadOf(raw: unknown): Payload {
  return Payload.catch({ data: {}, binaryData: {} }).parse(raw);
}

/** The result of a task, which lies there as text or, where it is long, packed. */
export function taskResultOf(raw: unknown): Parsed<TaskResult> & { readonly isPacked?: true } {
  const { data, binaryData } = payloadOf(raw);
  const packed = binaryData[recordKey.resultGz];
  if (packed === undefined) return parsed(data[recordKey.result], TaskResult, mostPlainResult);
  const text = unpacked(packed);
  return text === undefined
    ? { fault: "it cannot be unpacked", isPacked: true }
    : { ...parsed(text, TaskResult, mostUnpacked), isPacked: true };
}

const mostUnpacked = Math.max(...Object.values(storedResult).map(({ mostBytes }) => mostBytes));

function unpacked(base64: string): string | undefined {
  try {
    return gunzipSync(Buffer.from(base64, "base64"), { maxOutputLength: mostUnpacked }).toString("utf8");
  } catch {
    return undefined;
  }
}

function contentOf(texts: Texts): Partial<ObservedRun> {
  const result = parsed(texts[recordKey.result], RunResult);
  const record = parsed(texts[recordKey.record], RunRecord);
  const progress = parsed(texts[recordKey.progress], RunProgress);
  return {
    ...(result.value !== undefined && { result: result.value }),
    ...(record.value !== undefined && { record: record.value }),
    ...(progress.value !== undefined && { progress: progress.value }),
    ...(result.fault !== undefined && { unreadable: result.fault }),
  };
}

interface Parsed<T> {
  readonly value?: T;
  readonly fault?: string;
}

/** Longest record that is parsed, in characters; the recorder's own are below 100 KiB. */
const longestRecord = 512 * 1024;

/** What containers wrote is foreign: it counts only when it has exactly the agreed form. */
function parsed<T>(text: string | undefined, schema: z.ZodType<T>, most = longestRecord): Parsed<T> {
  if (text === undefined) return {};
  if (text.length > most) return { fault: "too long" };
  try {
    const checked = schema.safeParse(JSON.parse(text));
    return checked.success ? { value: checked.data } : { fault: z.prettifyError(checked.error).slice(0, 300) };
  } catch {
    return { fault: "no JSON" };
  }
}
