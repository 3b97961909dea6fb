import { label } from "@codybatch/crds";
import { z } from "zod";
import { eventually } from "../cluster/deadline.ts";
import { inputOf } from "../cluster/pod.ts";
import type { Stage } from "./stage.ts";

const State = z.object({ running: z.object({}).optional(), terminated: z.object({ exitCode: z.int() }).optional() });
const ContainerStatus = z.object({ name: z.string(), containerID: z.string().default(""), state: State, restartCount: z.int() });
const Pod = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({ containers: z.array(z.object({ name: z.string(), image: z.string() })) }),
  status: z.object({
    phase: z.string(),
    reason: z.string().optional(),
    containerStatuses: z.array(ContainerStatus).default([]),
    initContainerStatuses: z.array(ContainerStatus).default([]),
  }),
});
/** A change pod as the kubelet shows it. */
export type Pod = z.infer<typeof Pod>;

/** The pods of a batch's repository, oldest name first. */
export async function podsOf(stage: Stage, repository: string): Promise<readonly Pod[]> {
  const { stdout } = await stage.kubectl("get", "pods", "-l", label.batchChange, "-o", "json");
  const { items } = z.object({ items: z.array(Pod) }).parse(JSON.parse(stdout));
  return items
    .filter((pod) => inputOf(pod).repository.name === repository)
    .toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}

/** Waits until the agent of that try works in the repository. */
export async function agentRuns(stage: Stage, repository: string, number = 0): Promise<Pod> {
  const look = async (): Promise<Pod | undefined> =>
    (await podsOf(stage, repository)).find((pod) => inputOf(pod).try === number && containerOf(pod, "agent")?.state.running !== undefined);
  return eventually(`the agent of ${repository} runs in try ${number}`, look);
}

/** Status of one container of the pod. */
export function containerOf({ status }: Pod, name: string): z.infer<typeof ContainerStatus> | undefined {
  return [...status.initContainerStatuses, ...status.containerStatuses].find((container) => container.name === name);
}
