import { recordKey } from "@codybatch/crds";
import type { Changeset } from "@codybatch/crds";
import type { KubeObject } from "@codybatch/operator";
import { gunzipSync } from "node:zlib";

/** What differs from run to run and says nothing: identities, versions, times, sizes of compressed text. */
const chance = new Set([
  "uid",
  "resourceVersion",
  "generation",
  "observedGeneration",
  "managedFields",
  "controller-uid",
  "batch.kubernetes.io/controller-uid",
  "codybatch.dev/bytes",
  "codybatch.dev/pod-uid",
  "containerID",
  "durationMs",
  "medianSecondsToResult",
  "medianSecondsToMerge",
  "bytes",
]);
const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

const pictured = ["batchChanges", "changesets", "jobs", "pods", "configMaps", "serviceAccounts", "roleBindings"] as const;

/** All objects by kind and name, without what differs between two runs that went the same way. */
export type Picture = Readonly<Record<string, unknown>>;

/** Gives names that are the same in every run: Changesets by repository, pods without their random end. */
export function namer(changesets: readonly Changeset[]): (text: string) => string {
  const known = changesets.map(({ metadata, spec }) => [metadata.name, `<${spec.repository.name}>`] as const);
  return (text) =>
    known
      .reduce((result, [name, repository]) => result.replaceAll(name, repository), text)
      .replace(/(>-\d+-\d+)-[a-z0-9]{5}(?![a-z0-9])/g, "$1-pod")
      .replace(/127\.0\.0\.1:\d+/g, "<host>")
      .replace(uuid, "<uid>");
}

/** Gives all objects of one kind in the namespace. */
type List = (kind: (typeof pictured)[number]) => Promise<readonly KubeObject[]>;

/** The end state of everything in the namespace but Events, the live state and the Lease. */
export async function pictureOf(list: List, rename: (text: string) => string): Promise<Picture> {
  const picture: Record<string, unknown> = {};
  for (const kind of pictured) {
    for (const object of await list(kind)) {
      const name = rename(object.metadata.name);
      if (!name.endsWith("-live")) picture[`${kind} ${name}`] = cleaned(readable(object), rename);
    }
  }
  return picture;
}

/** Opens what is packed, so that a difference can be read. */
function readable(object: KubeObject): object {
  const { data, binaryData, ...rest } = object as KubeObject & { data?: Record<string, string>; binaryData?: Record<string, string> };
  const texts = Object.entries(data ?? {}).map(([key, text]) => [key, key.endsWith(".json") ? JSON.parse(text) : text] as const);
  const files = Object.entries(binaryData ?? {}).map(([key, base64]) => {
    const text = gunzipSync(Buffer.from(base64, "base64")).toString();
    const lines = (): unknown[] =>
      text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown);
    return [key, key === recordKey.transcriptGz ? lines() : text] as const;
  });
  return { ...rest, ...Object.fromEntries([...texts, ...files]) };
}

function cleaned(value: unknown, rename: (text: string) => string): unknown {
  if (typeof value === "string") return isTime.test(value) ? "<time>" : rename(value);
  if (Array.isArray(value)) return value.map((item) => cleaned(item, rename));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !chance.has(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, cleaned(item, rename)]));
}
