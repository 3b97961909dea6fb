import { annotation, label, tasks, type Task } from "@codybatch/crds";
import { z } from "zod";
import { keep, Meta, type Kept } from "../slim.ts";
import type { ObservedTask, TaskPod } from "./task.ts";

const Condition = z.object({ type: z.string(), status: z.string(), lastTransitionTime: z.string().nullish() });

const Job = z.object({
  metadata: Meta,
  spec: z.object({ suspend: z.boolean().default(false) }),
  status: z.object({ conditions: z.array(Condition).default([]) }).default({ conditions: [] }),
});

/** A Job of a task, or undefined for any other. Throws a ZodError when it is no Job at all. */
export function slimTask(raw: unknown): Kept<ObservedTask> | undefined {
  const { metadata, spec, status } = Job.parse(raw);
  const { labels, annotations } = metadata;
  const task = taskOf(labels);
  const number = /-(\d+)$/.exec(metadata.name)?.[1];
  const [batchChange, changeset] = [labels[label.batchChange], labels[label.changeset]];
  if (task === undefined || number === undefined || batchChange === undefined) return undefined;
  return keep(metadata, {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    task,
    number: Number(number),
    batchChange,
    ...(changeset !== undefined && { changeset }),
    owner: metadata.ownerReferences.find(({ controller }) => controller === true)?.uid ?? "",
    subject: annotations[annotation.subject] ?? "",
    createdAt: metadata.creationTimestamp,
    suspended: spec.suspend,
    deleting: metadata.deletionTimestamp !== undefined,
    ...finishedAt(status.conditions, metadata.creationTimestamp),
  });
}

function taskOf(labels: Readonly<Record<string, string>>): Task | undefined {
  return tasks.find((task) => task === labels[label.role]);
}

function finishedAt(conditions: readonly z.infer<typeof Condition>[], createdAt: string): Pick<ObservedTask, "finishedAt"> {
  const end = conditions.find(({ type, status }) => (type === "Complete" || type === "Failed") && status === "True");
  return end === undefined ? {} : { finishedAt: end.lastTransitionTime ?? createdAt };
}

const Waiting = z.object({ reason: z.string().default(""), message: z.string().default("") });
const ContainerStatus = z.object({ state: z.object({ waiting: Waiting.optional() }).default({}) });

const Pod = z.object({
  metadata: Meta,
  status: z
    .object({
      phase: z.string().default("Pending"),
      conditions: z.array(z.object({ type: z.string(), status: z.string(), message: z.string().default("") })).default([]),
      initContainerStatuses: z.array(ContainerStatus).default([]),
      containerStatuses: z.array(ContainerStatus).default([]),
    })
    .default({ phase: "Pending", conditions: [], initContainerStatuses: [], containerStatuses: [] }),
});

/** A pod of a task's Job, or undefined for any other. */
export function slimTaskPod(raw: unknown): Kept<TaskPod> | undefined {
  const { metadata, status } = Pod.parse(raw);
  const job = metadata.ownerReferences.find(({ kind, controller }) => kind === "Job" && controller === true);
  if (taskOf(metadata.labels) === undefined || job === undefined) return undefined;
  return keep(metadata, {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    jobUID: job.uid,
    batchChange: metadata.labels[label.batchChange] ?? "",
    createdAt: metadata.creationTimestamp,
    ended: status.phase === "Succeeded" || status.phase === "Failed",
    ...waitsOf(status),
  });
}

/** A first start takes a moment and is not worth words. */
const unremarkable: readonly string[] = ["", "ContainerCreating", "PodInitializing"];

function waitsOf(status: z.infer<typeof Pod>["status"]): Pick<TaskPod, "waits"> {
  const unscheduled = status.conditions.find((condition) => condition.type === "PodScheduled" && condition.status === "False");
  const containers = [...status.initContainerStatuses, ...status.containerStatuses];
  const held = containers.map(({ state }) => state.waiting).find((waiting) => waiting && !unremarkable.includes(waiting.reason));
  const words = unscheduled?.message ?? (held && `${held.reason}: ${held.message}`);
  return words === undefined ? {} : { waits: words.slice(0, 300) };
}
