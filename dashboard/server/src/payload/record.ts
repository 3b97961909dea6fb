import { label, type RecordPart } from "@codybatch/crds";
import { resources, type Client } from "@codybatch/operator";
import { z } from "zod";

const Stored = z.object({ data: z.record(z.string(), z.string()).default({}), binaryData: z.record(z.string(), z.string()).default({}) });
export type Stored = z.infer<typeof Stored>;

/** Whose results are read. */
export interface RecordOwner {
  readonly namespace: string;
  readonly kind: "Changeset" | "BatchChange";
  readonly name: string;
  readonly uid: string;
}

/**
 * A ConfigMap that status names, if it really is that owner's result: status is the operator's word, and what it names must carry
 * our labels and belong to the object, so that no other ConfigMap of the namespace can ever be read through here.
 */
export async function readRecord(
  client: Client,
  owner: RecordOwner,
  parts: readonly RecordPart[],
  name: string,
): Promise<Stored | undefined> {
  const found = await client.get(resources.configMaps, owner.namespace, name);
  if (found === undefined) return undefined;
  const { labels = {}, ownerReferences = [] } = found.metadata;
  const named = owner.kind === "Changeset" ? label.changeset : label.batchChange;
  const isOurs = parts.some((part) => labels[label.role] === part) && labels[named] === owner.name;
  const isOwned = ownerReferences.some(({ kind, uid }) => kind === owner.kind && uid === owner.uid);
  return isOurs && isOwned ? Stored.parse(found) : undefined;
}
