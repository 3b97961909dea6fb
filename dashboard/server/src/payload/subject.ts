import { ChangesetSpec, ChangesetStatus, type Metadata } from "@codybatch/crds";
import { parseObject, resources, type Client } from "@codybatch/operator";
import { z } from "zod";
import { notFound, Refusal } from "../http/refusal.ts";
import { lenient } from "./lenient.ts";

/** One Changeset as it is at the moment. */
export interface Subject {
  readonly metadata: Metadata;
  readonly spec: ChangesetSpec;
  readonly status: ChangesetStatus;
}

const Raw = z.object({ spec: z.unknown(), status: z.unknown().optional() });

/** Reads it live: only rows are kept in memory. A Changeset of another batch counts as none. */
export async function readSubject(client: Client, namespace: string, batchChange: string, changeset: string): Promise<Subject> {
  const found = await client.get(resources.changesets, namespace, changeset);
  if (found === undefined) throw notFound("repository");
  const { spec, status } = Raw.parse(found);
  const read = { spec: lenient(ChangesetSpec, spec), status: lenient(ChangesetStatus, status ?? {}) };
  if (read.spec === undefined || read.status === undefined) {
    throw new Refusal("Internal", "This Changeset has a form that this version of the dashboard cannot read.");
  }
  if (read.spec.batchChange !== batchChange) throw notFound("repository");
  return { metadata: parseObject(found).metadata, spec: read.spec, status: read.status };
}
