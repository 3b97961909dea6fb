import { annotation, containerName, label, TerminationMessage, type Metadata } from "@codybatch/crds";
import { z } from "zod";
import { stopReasons } from "./observed.ts";
import type { ObservedContainer, ObservedJob, ObservedPod, ObservedRecord } from "./observed.ts";
import { placeOf } from "./try.ts";

const Text = z.string();
const Owner = z.object({ kind: Text, uid: Text, controller: z.boolean().optional() });

/** Metadata of any object, as far as decisions use it. */
export const Meta = z.object({
  name: Text,
  namespace: Text.default(""),
  uid: Text,
  generation: z.int().default(0),
  resourceVersion: Text,
  creationTimestamp: Text,
  deletionTimestamp: Text.optional(),
  deletionGracePeriodSeconds: z.number().optional(),
  labels: z.record(Text, Text).default({}),
  annotations: z.record(Text, Text).default({}),
  ownerReferences: z.array(Owner).default([]),
});
export type Meta = z.infer<typeof Meta>;

const Condition = z.object({
  type: Text,
  status: Text,
  reason: Text.default(""),
  message: Text.default(""),
  lastTransitionTime: Text.nullish(),
});

/** Things of one kind that a cache keeps: what decisions need, and metadata without labels, annotations and owners. */
export type Kept<T> = T & { readonly metadata: Metadata };

/** What a cache keeps of one object. */
export function keep<T extends object>(meta: Meta, value: T): Kept<T> {
  const { name, namespace, uid, generation, resourceVersion, creationTimestamp, deletionTimestamp } = meta;
  const metadata = { name, namespace, uid, generation, resourceVersion, creationTimestamp };
  return { ...value, metadata: deletionTimestamp === undefined ? metadata : { ...metadata, deletionTimestamp } };
}

const Volume = z.object({ name: Text, configMap: z.object({ name: Text }).optional() });
const Job = z.object({
  metadata: Meta,
  spec: z.object({
    suspend: z.boolean().default(false),
    template: z.object({ spec: z.object({ volumes: z.array(Volume).default([]) }) }),
  }),
  status: z.object({ active: z.int().default(0), conditions: z.array(Condition).default([]) }).default({ active: 0, conditions: [] }),
});

type Job = z.infer<typeof Job>;

/** A Job of ours, or undefined for any other. Throws a ZodError when it is no Job at all. */
export function slimJob(raw: unknown): Kept<ObservedJob> | undefined {
  const { metadata, spec, status } = Job.parse(raw);
  const { labels, annotations } = metadata;
  const place = placeOf(metadata.name);
  const [batchChange, changeset] = [labels[label.batchChange], labels[label.changeset]];
  if (place === undefined || batchChange === undefined || changeset === undefined || labels[label.role] !== "change") return undefined;
  return keep(metadata, {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    batchChange,
    changeset,
    owner: metadata.ownerReferences.find(({ controller }) => controller === true)?.uid ?? "",
    ...place,
    createdAt: metadata.creationTimestamp,
    suspended: spec.suspend,
    active: status.active,
    deleting: metadata.deletionTimestamp !== undefined,
    ...conditionsOfJob(status, metadata),
    ...stopOf(annotations),
    reservedNanoUSD: Number(annotations[annotation.reservedNanoUSD] ?? 0),
    inputsHash: annotations[annotation.inputsHash] ?? "",
    promptName: spec.template.spec.volumes.find(({ name }) => name === "prompt")?.configMap?.name ?? "",
  });
}

function stopOf(annotations: Meta["annotations"]): Pick<ObservedJob, "stoppedBecause"> {
  const because = stopReasons.find((reason) => reason === annotations[annotation.stoppedBecause]);
  return because === undefined ? {} : { stoppedBecause: because };
}

function conditionsOfJob({ conditions }: Job["status"], { creationTimestamp }: Meta): Pick<ObservedJob, "finished" | "suspendedAt"> {
  const isTrue = (type: string) => conditions.find((condition) => condition.type === type && condition.status === "True");
  const [complete, failed, suspended] = [isTrue("Complete"), isTrue("Failed"), isTrue("Suspended")];
  const end = complete ?? failed;
  const at = end?.lastTransitionTime ?? creationTimestamp;
  return {
    ...(suspended !== undefined && { suspendedAt: suspended.lastTransitionTime ?? creationTimestamp }),
    ...(end !== undefined && { finished: { kind: end === complete ? "Complete" : "Failed", reason: end.reason, at } }),
  };
}

const Terminated = z.object({ reason: Text.optional(), message: Text.optional(), exitCode: z.int(), finishedAt: Text.nullish() });

const ContainerStatus = z.object({
  name: Text,
  image: Text.optional(),
  state: z
    .object({
      waiting: z.object({ reason: Text.optional(), message: Text.optional() }).optional(),
      running: z.object({}).optional(),
      terminated: Terminated.optional(),
    })
    .default({}),
  lastState: z.object({ terminated: Terminated.optional() }).default({}),
});
type ContainerStatus = z.infer<typeof ContainerStatus>;

const Pod = z.object({
  metadata: Meta,
  spec: z.object({ nodeName: Text.optional(), terminationGracePeriodSeconds: z.number().default(30) }),
  status: z
    .object({
      phase: z.enum(["Pending", "Running", "Succeeded", "Failed", "Unknown"]).default("Pending"),
      reason: Text.optional(),
      message: Text.optional(),
      startTime: Text.nullish(),
      conditions: z.array(Condition).default([]),
      initContainerStatuses: z.array(ContainerStatus).default([]),
      containerStatuses: z.array(ContainerStatus).default([]),
    })
    .default({ phase: "Pending", conditions: [], initContainerStatuses: [], containerStatuses: [] }),
});
type Pod = z.infer<typeof Pod>;

/** A pod of a change Job, or undefined for any other. Throws a ZodError when it is no pod at all. */
export function slimPod(raw: unknown): Kept<ObservedPod> | undefined {
  const { metadata, spec, status } = Pod.parse(raw);
  const changeset = metadata.labels[label.changeset];
  const job = metadata.ownerReferences.find(({ kind, controller }) => kind === "Job" && controller === true);
  if (changeset === undefined || job === undefined || metadata.labels[label.role] !== "change") return undefined;
  return keep(metadata, {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    jobUID: job.uid,
    batchChange: metadata.labels[label.batchChange] ?? "",
    changeset,
    createdAt: metadata.creationTimestamp,
    phase: status.phase,
    ...(status.reason !== undefined && { reason: status.reason }),
    ...fullVolumeOf(status),
    ...(spec.nodeName !== undefined && { node: spec.nodeName }),
    ...(metadata.deletionTimestamp !== undefined && { deletingSince: deletionAsked(metadata) }),
    graceSeconds: metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds,
    ...(status.startTime !== undefined && status.startTime !== null && { startedAt: status.startTime }),
    ...conditionsOfPod(status, metadata),
    containers: [...status.initContainerStatuses, ...status.containerStatuses].map(slimContainer),
  });
}

/** The API server writes the moment at which the grace is over into deletionTimestamp. */
function deletionAsked({ deletionTimestamp = "", deletionGracePeriodSeconds = 0 }: Meta): string {
  return new Date(Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000).toISOString();
}

function conditionsOfPod({ phase, reason, conditions }: Pod["status"], { creationTimestamp }: Meta) {
  const find = (type: string, status: string) => conditions.find((condition) => condition.type === type && condition.status === status);
  const disruption = find("DisruptionTarget", "True");
  const unscheduled = find("PodScheduled", "False");
  const unreachable = phase === "Unknown" || reason === "NodeLost";
  const since = (find("Ready", "Unknown") ?? find("Ready", "False"))?.lastTransitionTime ?? creationTimestamp;
  return {
    ...(disruption !== undefined && { disruption: disruption.reason }),
    ...(unscheduled?.reason === "Unschedulable" && { unschedulable: unscheduled.message }),
    ...(unreachable && { unreachableSince: since }),
  };
}

/** The kubelet says it in its message alone (emptyDirMessageFmt in pkg/kubelet/eviction/helpers.go). */
function fullVolumeOf({ message = "" }: Pod["status"]): Pick<ObservedPod, "fullVolume"> {
  const volume = /^Usage of EmptyDir volume "([^"]*)" exceeds the limit/.exec(message)?.[1];
  return volume === undefined ? {} : { fullVolume: volume };
}

function slimContainer({ name, image, state, lastState }: ContainerStatus): ObservedContainer {
  const { terminated, running, waiting } = state;
  const known = { name, ...(name === containerName.toolbox && image !== undefined && { image }) };
  if (terminated !== undefined) return { ...known, state: "Terminated", ...endOfContainer(terminated) };
  if (running !== undefined) return { ...known, state: "Running" };
  return {
    ...known,
    state: "Waiting",
    ...(waiting?.reason !== undefined && { reason: waiting.reason }),
    ...wordsOf(startFault(lastState.terminated) ?? waiting?.message),
  };
}

function endOfContainer(terminated: z.infer<typeof Terminated>): Omit<ObservedContainer, "name" | "state"> {
  const { exitCode, reason, finishedAt, message } = terminated;
  const termination = lastWords(message);
  return {
    exitCode,
    ...(reason !== undefined && { reason }),
    ...wordsOf(startFault(terminated)),
    ...(finishedAt !== undefined && finishedAt !== null && { finishedAt }),
    ...(termination !== undefined && { termination }),
  };
}

/** What the runtime says of a program that it could not run. A program that ran may have written its message itself. */
function startFault(terminated: z.infer<typeof Terminated> | undefined): string | undefined {
  return terminated?.reason === "StartError" || terminated?.reason === "ContainerCannotRun" ? terminated.message : undefined;
}

function wordsOf(message: string | undefined): Pick<ObservedContainer, "message"> {
  return message === undefined ? {} : { message: message.slice(0, 512) };
}

/** Undefined for anything but our own message: a container may write what it likes there. */
function lastWords(message: string | undefined): TerminationMessage | undefined {
  if (message === undefined || !message.startsWith("{")) return undefined;
  const parsed = z
    .string()
    .transform((text, context) => jsonOr(text, context))
    .pipe(TerminationMessage)
    .safeParse(message);
  return parsed.success ? parsed.data : undefined;
}

function jsonOr(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("no JSON");
    return z.NEVER;
  }
}

/** Metadata of a ConfigMap of ours, or undefined for any other. */
export function slimRecord(raw: unknown): Kept<ObservedRecord> | undefined {
  const { metadata } = z.object({ metadata: Meta }).parse(raw);
  const { labels, annotations } = metadata;
  const role = labels[label.role];
  const batchChange = labels[label.batchChange];
  if (role === undefined || batchChange === undefined) return undefined;
  const [changeset, podUID] = [labels[label.changeset], labels[label.podUID]];
  const bytes = Number(annotations[annotation.bytes] ?? 0);
  return keep(metadata, {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    role,
    batchChange,
    ...(changeset !== undefined && { changeset }),
    ...(podUID !== undefined && { podUID }),
    bytes: Number.isFinite(bytes) && bytes > 0 ? bytes : 0,
    createdAt: metadata.creationTimestamp,
    owners: metadata.ownerReferences.map(({ uid }) => uid),
  });
}
