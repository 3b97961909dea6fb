import { BatchChangeSpec, BatchChangeStatus, ChangesetSpec, ChangesetStatus, validate } from "@codybatch/crds";
import type { BatchChange, Changeset, FieldError, Metadata } from "@codybatch/crds";
import { z } from "zod";

/** A stored BatchChange: readable, perhaps with faults by newer rules, or not readable at all. */
export interface KeptBatch {
  readonly metadata: Metadata;
  /** Undefined when not even its shape can be read. */
  readonly batch: BatchChange | undefined;
  readonly faults: readonly FieldError[];
  /** As stored, for the difference to what is written. */
  readonly status: BatchChangeStatus | undefined;
}

const Raw = z.looseObject({ metadata: z.looseObject({ name: z.string() }), spec: z.unknown().optional(), status: z.unknown().optional() });

/** `metadata` is what the cache keeps of the raw object's. */
export function slimBatch(raw: unknown, metadata: Metadata): KeptBatch {
  const { apiVersion, kind, spec, status } = Raw.parse(raw);
  const checked = validate("BatchChange", { apiVersion, kind, metadata: { name: metadata.name }, spec }, undefined, { unknown: "prune" });
  const faults = checked.ok ? [] : checked.errors;
  const parsed = BatchChangeSpec.safeParse(spec);
  const known = BatchChangeStatus.safeParse(status).data;
  if (!parsed.success) return { metadata, batch: undefined, faults, status: known };
  const batch = { apiVersion: String(apiVersion), kind: "BatchChange" as const, metadata, spec: parsed.data };
  return { metadata, batch: known === undefined ? batch : { ...batch, status: known }, faults, status: known };
}

/** Undefined when its spec cannot be read: then somebody else made it. */
export function slimChangeset(raw: unknown, metadata: Metadata): Changeset | undefined {
  const { apiVersion, spec, status } = Raw.parse(raw);
  const parsed = ChangesetSpec.safeParse(spec);
  const known = ChangesetStatus.safeParse(status).data;
  if (!parsed.success) return undefined;
  const changeset = { apiVersion: String(apiVersion), kind: "Changeset" as const, metadata, spec: parsed.data };
  return known === undefined ? changeset : { ...changeset, status: known };
}
