import type { Publishing, StoredPatch } from "@codybatch/crds";
import type { Observed } from "../observed.ts";
import type { Work } from "../work.ts";
import { afresh, type PublishRecord } from "./record.ts";

interface Case {
  readonly work: Work;
  readonly patch: StoredPatch | undefined;
  readonly observed: Observed;
}

/** Writes down who approved the patch, once. Whoever takes an approval back and gives it again asks to try once more what had failed. */
export function withApproval(record: PublishRecord, { work, patch, observed }: Case): PublishRecord {
  const { approval } = work.changeset.spec;
  const { publishing } = record;
  if (patch === undefined || observed.batch.spec.publish.policy === "Never") return record;
  if (approval?.patch !== patch.digest) return withdrawn(record, patch, observed);
  const { by } = approval;
  const isKnown = publishing?.approval?.patch === patch.digest && publishing.approval.by === by;
  if (isKnown) return record;
  const known: Publishing = publishing ?? { settled: 0 };
  return { ...record, publishing: { ...known, approval: { patch: patch.digest, by, at: observed.now.toISOString() } } };
}

function withdrawn(record: PublishRecord, { digest }: StoredPatch, { batch }: Observed): PublishRecord {
  const { publishing, open } = record;
  const isAutomatic = batch.spec.publish.policy === "Automatic";
  if (publishing === undefined || open !== undefined || isAutomatic || publishing.published === digest) return record;
  if (publishing.digest !== digest && publishing.approval?.patch !== digest) return record;
  const { approval: _, ...rest } = afresh(publishing);
  return { ...record, publishing: rest };
}
