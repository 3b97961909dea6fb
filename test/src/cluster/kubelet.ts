import { containerName } from "@codybatch/crds";
import type { Api } from "./api.ts";
import { eventually } from "./deadline.ts";
import { type Pod, podsOf } from "./pod.ts";

const node = "node-1";

/** Makes the one node that exists on paper only, so that pods can be bound to it and end in their grace like any other. */
export async function makeNode(api: Api): Promise<void> {
  await api.must("POST", "/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name: node } });
}

/** Waits for the pod that the Job controller made for this Job, and binds it, as the scheduler would. */
export async function schedule(api: Api, namespace: string, job: string): Promise<Pod> {
  const pod = await eventually(`a pod of ${job}`, async () => (await podsOf(api, namespace, job))[0]);
  const { name } = pod.metadata;
  const binding = { apiVersion: "v1", kind: "Binding", metadata: { name }, target: { apiVersion: "v1", kind: "Node", name: node } };
  await api.must("POST", `${pathOf(pod)}/binding`, binding);
  return pod;
}

/** Recorder and agent run, clone has ended. */
export async function run(api: Api, pod: Pod): Promise<void> {
  const running = { running: { startedAt: now() } };
  await report(api, pod, "Running", { recorder: running, clone: ended(0), agent: running });
}

/** All containers have ended; the agent with this exit code. A pod that is being deleted goes then, as the kubelet's last word. */
export async function end(api: Api, pod: Pod, exitCode = 0): Promise<void> {
  await report(api, pod, exitCode === 0 ? "Succeeded" : "Failed", { recorder: ended(0), clone: ended(0), agent: ended(exitCode) });
  const { metadata } = await api.must("GET", pathOf(pod));
  if ((metadata as Pod["metadata"]).deletionTimestamp !== undefined) await api.call("DELETE", `${pathOf(pod)}?gracePeriodSeconds=0`);
}

/** Waits until somebody wants the pod gone: the moment at which its containers get SIGTERM. */
export async function terminating(api: Api, pod: Pod): Promise<void> {
  await eventually(`${pod.metadata.name} is being deleted`, async () => {
    const { metadata } = await api.must("GET", pathOf(pod));
    return (metadata as Pod["metadata"]).deletionTimestamp;
  });
}

type States = Readonly<Record<"recorder" | "clone" | "agent", object>>;

async function report(api: Api, pod: Pod, phase: string, { recorder, clone, agent }: States): Promise<void> {
  const status = {
    phase,
    startTime: now(),
    initContainerStatuses: [containerStatus(containerName.recorder, recorder), containerStatus(containerName.clone, clone)],
    containerStatuses: [containerStatus(containerName.agent, agent)],
  };
  await api.must("PATCH", `${pathOf(pod)}/status`, { status }, "application/merge-patch+json");
}

function containerStatus(name: string, state: object): object {
  return { name, state, image: "localhost/codybatch-runner:dev", imageID: "", ready: "running" in state, restartCount: 0 };
}

function ended(exitCode: number): object {
  return { terminated: { exitCode, reason: exitCode === 0 ? "Completed" : "Error", startedAt: now(), finishedAt: now() } };
}

function pathOf({ metadata: { namespace, name } }: Pod): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}

/** Kubernetes' own times have whole seconds. */
function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, "Z");
}
