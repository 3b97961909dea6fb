import { createHash } from "node:crypto";
import type { Task } from "./api.ts";
import { canonicalURL } from "./repository-name.ts";

/** Deterministic, so that creating the same Changeset twice is one object and a conflict. */
export function changesetName(batch: { readonly name: string; readonly uid: string }, url: string, branch: string): string {
  return `${batch.name}-${shortHash(`${batch.uid}\0${canonicalURL(url)}\0${branch}`)}`;
}

/** `attempt` is the user's count, `try` the operator's. At most 57 characters, so that a pod's random suffix still fits. */
export function jobName(changeset: string, attempt: number, number: number): string {
  return `${changeset}-${attempt}-${number}`;
}

/** Job number `number` of a task of one owner: a Changeset for publish, else the BatchChange. Never the name of a try's Job, which ends in two numbers. */
export function taskJobName(owner: string, task: Task, number: number): string {
  return `${owner}-${taskMark[task]}-${number}`;
}

/** Short, so that a Changeset's Job and its pod's random suffix fit into 63 characters. */
const taskMark = { publish: "pr", discover: "discover", track: "track" } as const;

/** One immutable ConfigMap per text of the prompt. */
export function promptName(batch: string, prompt: string): string {
  return `${batch}-prompt-${shortHash(prompt)}`;
}

/** First 10 hex digits of the SHA-256: 40 bits, enough for thousands under one prefix. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}

/** What an approval names: the sha256 of base commit, a zero byte and the patch's bytes. */
export function patchDigest(baseCommit: string, patch: Uint8Array): string {
  return `sha256:${createHash("sha256").update(`${baseCommit}\0`).update(patch).digest("hex")}`;
}

export const recordName = {
  live: (pod: string): string => `${pod}-live`,
  patch: (pod: string): string => `${pod}-patch`,
  result: (pod: string): string => `${pod}-result`,
  transcript: (pod: string, chunk: number): string => `${pod}-transcript-${chunk}`,
} as const;

/** Keys inside those ConfigMaps; `…Gz` are gzip in binaryData, the rest text in data. */
export const recordKey = {
  progress: "progress.json",
  record: "record.json",
  result: "result.json",
  resultGz: "result.json.gz",
  patchGz: "change.patch.gz",
  transcriptGz: "transcript.jsonl.gz",
} as const;

const onClaim = "pvc:";

/** How status names a file in the pod's folder on a PersistentVolumeClaim. */
export function claimRef(pod: string, key: string): string {
  return `${onClaim}${pod}/${key}`;
}

/** The file's path on the claim; undefined for a reference to a ConfigMap. */
export function claimPath(ref: string): string | undefined {
  return ref.startsWith(onClaim) ? ref.slice(onClaim.length) : undefined;
}
