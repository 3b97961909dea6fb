import type { BatchChange, Changeset, FieldError, RunProgress, RunRecord, RunResult, TerminationMessage } from "@codybatch/crds";
import type { Answer } from "./discover/answer.ts";
import type { Limits } from "./limits.ts";
import type { Purse } from "./quota/purse.ts";
import type { Settings } from "./settings.ts";
import type { ObservedTasks } from "./task/task.ts";

/** Why the operator stops a running Job. */
export const stopReasons = ["CancelRequested", "RepositoryRemoved", "Superseded", "SecondPod", "NodeLost", "ToolboxUnavailable"] as const;
export type StopReason = (typeof stopReasons)[number];

/** A change Job, reduced to what decisions need. */
export interface ObservedJob {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly batchChange: string;
  readonly changeset: string;
  /** UID of the Changeset that owns it. */
  readonly owner: string;
  readonly attempt: number;
  readonly try: number;
  readonly createdAt: string;
  readonly suspended: boolean;
  /** Since when the condition Suspended is True. */
  readonly suspendedAt?: string;
  /** Why the operator itself suspended it. */
  readonly stoppedBecause?: StopReason;
  readonly active: number;
  readonly deleting: boolean;
  /** Set by the conditions Complete and Failed. Says nothing about the change itself. */
  readonly finished?: { readonly kind: "Complete" | "Failed"; readonly reason: string; readonly at: string };
  readonly reservedNanoUSD: number;
  readonly inputsHash: string;
  readonly promptName: string;
}

export interface ObservedContainer {
  readonly name: string;
  readonly state: "Waiting" | "Running" | "Terminated";
  /** Of the toolbox alone, whose image a user chooses. */
  readonly image?: string;
  /** Why it waits, or why it ended. */
  readonly reason?: string;
  /** The cluster's own words, never those of a program. */
  readonly message?: string;
  readonly exitCode?: number;
  readonly finishedAt?: string;
  readonly termination?: TerminationMessage;
}

export interface ObservedPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly jobUID: string;
  readonly batchChange: string;
  readonly changeset: string;
  readonly createdAt: string;
  readonly phase: "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";
  readonly reason?: string;
  /** The volume that was written beyond its limit, so that the node evicted the pod. */
  readonly fullVolume?: string;
  readonly node?: string;
  readonly deletingSince?: string;
  readonly graceSeconds: number;
  readonly startedAt?: string;
  /** Since when the kubelet is not heard. */
  readonly unreachableSince?: string;
  /** Reason of the condition DisruptionTarget. */
  readonly disruption?: string;
  /** Message of a false condition PodScheduled. */
  readonly unschedulable?: string;
  readonly containers: readonly ObservedContainer[];
}

/** Metadata of one of our ConfigMaps. */
export interface ObservedRecord {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly role: string;
  readonly batchChange: string;
  readonly changeset?: string;
  readonly podUID?: string;
  readonly bytes: number;
  readonly createdAt: string;
  readonly owners: readonly string[];
}

/** What was read live about one pod of one Job. Present only for pods whose try is not settled yet. */
export interface ObservedRun {
  readonly job: string;
  readonly pod: string;
  readonly podUID: string;
  /** True when the ConfigMap `-result` exists. */
  readonly hasResult: boolean;
  readonly hasLive: boolean;
  readonly result?: RunResult;
  readonly record?: RunRecord;
  readonly progress?: RunProgress;
  /** Why a record that exists cannot be used. */
  readonly unreadable?: string;
}

/** Where a Changeset's text comes from. `Known` carries the text only where its ConfigMap may have to be made. */
export type PromptSource =
  | { readonly kind: "Known"; readonly hash: string; readonly text?: string }
  | { readonly kind: "Refused"; readonly reason: "PromptMissing" | "PromptInvalid" | "PromptTooLarge"; readonly message: string };

/** Something outside the BatchChange without which nothing may run. */
export interface Obstacle {
  readonly reason: "AdmissionPolicyMissing" | "NameTaken" | "AccessForbidden";
  readonly message: string;
}

/** Why the API server would not take a Job. */
export interface RefusedJob {
  /** Name of the Job's owner: a Changeset, or for some tasks the BatchChange. */
  readonly changeset: string;
  readonly message: string;
}

/** Why the Job controller could not make a pod, from its Events. */
export interface RefusedPod {
  readonly job: string;
  readonly message: string;
}

/** Everything that the decisions about one BatchChange depend on, time included. */
export interface Observed {
  readonly batch: BatchChange;
  /** What the schema's rules say against the stored object. */
  readonly faults: readonly FieldError[];
  /** What in the cluster keeps everything from starting. */
  readonly obstacle: Obstacle | undefined;
  readonly changesets: readonly Changeset[];
  readonly jobs: readonly ObservedJob[];
  readonly pods: readonly ObservedPod[];
  readonly records: readonly ObservedRecord[];
  readonly runs: readonly ObservedRun[];
  /** What a search for repositories found, as long as some of it has no Changeset. */
  readonly discovered?: Answer | undefined;
  /** Jobs that publish, discover and track. */
  readonly tasks: ObservedTasks;
  readonly refusedPods: readonly RefusedPod[];
  readonly refusedJobs: readonly RefusedJob[];
  readonly prompt: PromptSource;
  /** Bytes of all stored results of all batches. */
  readonly storedBytes: number;
  /** Failed Jobs of the namespace that are kept for reading, newest first. */
  readonly failedJobs: readonly string[];
  /** What the quotas of the namespace leave; undefined when it has none. */
  readonly purse?: Purse;
  readonly limits: Limits;
  readonly settings: Settings;
  readonly now: Date;
}
