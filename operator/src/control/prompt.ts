import { namesOnlyVariables, shortHash, variablesInWords, type BatchChange } from "@codybatch/crds";
import { z } from "zod";
import type { Client } from "../cluster/client.ts";
import { resources } from "../cluster/resource.ts";
import type { ObservedRecord, PromptSource } from "../reconcile/observed.ts";
import { promptNameOf } from "../reconcile/retention.ts";

/** Longest prompt in characters, as for spec.prompt. */
const longestPrompt = 65_536;

/** The text for new attempts. One from a ConfigMap is read once per edit of the BatchChange; afterwards its copy counts. */
export async function promptOf(client: Client, batch: BatchChange, records: readonly ObservedRecord[]): Promise<PromptSource> {
  const { prompt, promptFrom } = batch.spec;
  if (prompt !== undefined) return { kind: "Known", hash: shortHash(prompt), text: prompt };
  if (promptFrom === undefined) return missing("Set spec.prompt or spec.promptFrom.");
  const snapshot = snapshotOf(batch, records);
  return snapshot ?? (await readPrompt(client, batch, promptFrom.configMapKeyRef));
}

function snapshotOf({ metadata, status }: BatchChange, records: readonly ObservedRecord[]): PromptSource | undefined {
  const hash = status?.promptHash;
  if (hash === undefined || status?.observedGeneration !== metadata.generation) return undefined;
  const name = promptNameOf(metadata.name, hash);
  const isThere = records.some((record) => record.name === name && record.owners.includes(metadata.uid));
  return isThere ? { kind: "Known", hash } : undefined;
}

interface KeyRef {
  readonly name: string;
  readonly key: string;
}

async function readPrompt(client: Client, { metadata: { namespace } }: BatchChange, { name, key }: KeyRef): Promise<PromptSource> {
  const found = await client.get(resources.configMaps, namespace, name);
  const text = z
    .object({ data: z.record(z.string(), z.string()).default({}) })
    .catch({ data: {} })
    .parse(found ?? {}).data[key];
  if (text === undefined || text.trim() === "") {
    const what = found === undefined ? `The ConfigMap ${name} does not exist` : `The ConfigMap ${name} has no text under the key ${key}`;
    const make = `kubectl -n ${namespace} create configmap ${name} --from-file=${key}=<file> --dry-run=client -o yaml | kubectl apply -f -`;
    return missing(`${what}. Make it: ${make}`);
  }
  const place = `ConfigMap ${name}, key ${key}`;
  if (!namesOnlyVariables(text)) return { kind: "Refused", reason: "PromptInvalid", message: `The text of ${place}, ${variablesInWords}.` };
  if (text.length <= longestPrompt) return { kind: "Known", hash: shortHash(text), text };
  const message = `The text of ${place}, has ${text.length} characters. Shorten it to at most ${longestPrompt}.`;
  return { kind: "Refused", reason: "PromptTooLarge", message };
}

function missing(message: string): PromptSource {
  return { kind: "Refused", reason: "PromptMissing", message };
}
