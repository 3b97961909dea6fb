import type { BatchChangeStatus, Changeset, ChangesetSpec, ChangesetStatus, BatchChange } from "@codybatch/crds";
import type { StopReason } from "./observed.ts";
import type { JobManifest } from "./manifest/job.ts";
import type { TaskManifest, TaskParts } from "./task/manifest.ts";

/** A Kubernetes Event about one of our objects. */
export interface Notice {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly about: "BatchChange" | "Changeset";
  readonly name: string;
  readonly uid: string;
}

/** One write. Names are deterministic, so that repeating an action after a crash changes nothing. */
export type Action =
  | { readonly kind: "EnsureRecorderAccess"; readonly namespace: string }
  | { readonly kind: "CreatePrompt"; readonly name: string; readonly text: string; readonly batch: BatchChange }
  | {
      readonly kind: "CreateChangeset";
      readonly name: string;
      readonly spec: ChangesetSpec;
      readonly batch: BatchChange;
      readonly isFound?: true;
    }
  | { readonly kind: "RaiseRetryGeneration"; readonly changeset: Changeset; readonly retryGeneration: number }
  | CreateJob
  | { readonly kind: "SuspendJob"; readonly name: string; readonly uid: string; readonly because: StopReason }
  | CreateTask
  | { readonly kind: "SuspendTask"; readonly name: string; readonly uid: string; readonly because: StopReason }
  | { readonly kind: "DeleteTask"; readonly name: string; readonly uid: string }
  | { readonly kind: "DeleteJob"; readonly name: string; readonly uid: string }
  | { readonly kind: "DeleteConfigMap"; readonly name: string; readonly uid: string }
  | { readonly kind: "PatchChangesetStatus"; readonly changeset: Changeset; readonly status: ChangesetStatus }
  | { readonly kind: "PatchBatchStatus"; readonly batch: Pick<BatchChange, "metadata" | "status">; readonly status: BatchChangeStatus }
  | { readonly kind: "DeleteBatchChange"; readonly batch: BatchChange }
  | { readonly kind: "EmitEvent"; readonly notice: Notice };

export interface CreateJob {
  readonly kind: "CreateJob";
  readonly name: string;
  readonly changeset: Changeset;
  readonly reservedNanoUSD: number;
  readonly manifest: JobManifest;
}

/** A Job that publishes, discovers or tracks. */
export interface CreateTask {
  readonly kind: "CreateTask";
  readonly name: string;
  readonly owner: TaskParts["owner"];
  readonly manifest: TaskManifest;
}

/** A Job that may start when the cluster has a slot; else the status says that it waits. */
export interface StartWish {
  readonly kind: "Start";
  /** What must be there before the Job: access for the recorder, and in status the end of the try before. */
  readonly first: readonly Action[];
  readonly job: CreateJob;
  readonly otherwise: Extract<Action, { kind: "PatchChangesetStatus" }> | undefined;
}

/** A publish Job that may start when the pace of its credential lets it; else the status says until when it waits. */
export interface PublishWish {
  readonly kind: "Publish";
  /** What must be there before the Job. */
  readonly first: readonly Action[];
  readonly task: CreateTask;
  /** `namespace/name` of the Secret whose token it uses. */
  readonly credential: string;
  /** Most requests that make content at the host. */
  readonly content: number;
  /** `until`: when it may start at the earliest; undefined: when another one ends. */
  readonly otherwise: (until: Date | undefined) => Extract<Action, { kind: "PatchChangesetStatus" }> | undefined;
}

/** What one BatchChange asks for: writes that concern nobody else, and starts that must be admitted. */
export type Wish = Action | StartWish | PublishWish;
