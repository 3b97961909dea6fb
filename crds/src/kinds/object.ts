import type { BatchChangeSpec } from "./batch-change.ts";
import type { BatchChangeStatus } from "./batch-change-status.ts";
import type { ChangesetSpec } from "./changeset.ts";
import type { ChangesetStatus } from "./changeset-status.ts";

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** The part of Kubernetes metadata that this project reads. */
export interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  readonly resourceVersion: string;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface BatchChange {
  readonly apiVersion: string;
  readonly kind: "BatchChange";
  readonly metadata: Metadata;
  readonly spec: BatchChangeSpec;
  readonly status?: BatchChangeStatus;
}

export interface Changeset {
  readonly apiVersion: string;
  readonly kind: "Changeset";
  readonly metadata: Metadata;
  readonly spec: ChangesetSpec;
  readonly status?: ChangesetStatus;
}
