import { annotation, apiVersion, label, recordName } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import type { Client, KubeObject } from "@codybatch/operator";
import { z } from "zod";

const Job = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), uid: z.string(), labels: z.record(z.string(), z.string()) }),
  spec: z.object({
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()), annotations: z.record(z.string(), z.string()) }),
      spec: z.looseObject({}),
    }),
  }),
});
type Job = z.infer<typeof Job>;

/** A Job of an API server has about 8 KiB with its managedFields, which the embedded server does not keep: an annotation of their size stands in. */
const padding = "f".repeat(1000);

/** Gives a Job of the operator its running pod and the live record of it, as Job controller, kubelet and recorder do; sizes are as in a cluster. */
export async function runPodOf(client: Client, raw: unknown): Promise<void> {
  const job = Job.parse(raw);
  const { name, namespace } = job.metadata;
  const body = { metadata: { annotations: { "bench/managed-fields": padding } }, status: { active: 1, ready: 1, startTime: now() } };
  await client.mergePatch(resources.jobs, namespace, name, { metadata: body.metadata });
  await client.mergePatch(resources.jobs, namespace, name, { status: body.status }, "status");
  const pod = await client.create(resources.pods, namespace, podOf(job));
  await client.create(resources.configMaps, namespace, liveRecordOf(job, pod));
}

/** What the kubelet reports now and then without any change in substance. */
export async function reportAgain(client: Client, { metadata }: KubeObject): Promise<void> {
  const conditions = [{ type: "Ready", status: "True", lastTransitionTime: now(), lastProbeTime: now() }];
  await client.mergePatch(resources.pods, metadata.namespace, metadata.name, { status: { conditions } }, "status");
}

function podOf({ metadata: { name, namespace, uid }, spec: { template } }: Job): object {
  const { labels, annotations } = template.metadata;
  const controller = { apiVersion: "batch/v1", kind: "Job", name, uid, controller: true, blockOwnerDeletion: true };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${name}-x7k2p`,
      generateName: `${name}-`,
      namespace,
      labels: {
        ...labels,
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": name,
        "controller-uid": uid,
        "job-name": name,
      },
      annotations: { ...annotations, "bench/managed-fields": padding },
      ownerReferences: [controller],
    },
    spec: { ...template.spec, nodeName: "node-1" },
    status: runningStatus,
  };
}

const running = { running: { startedAt: now() } };
const runningStatus = {
  phase: "Running",
  startTime: now(),
  hostIP: "10.0.0.1",
  podIP: "10.1.0.1",
  podIPs: [{ ip: "10.1.0.1" }],
  qosClass: "Burstable",
  conditions: ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) => ({
    type,
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: now(),
  })),
  initContainerStatuses: [
    containerStatus("recorder", running),
    containerStatus("clone", { terminated: { exitCode: 0, reason: "Completed", startedAt: now(), finishedAt: now() } }),
  ],
  containerStatuses: [containerStatus("agent", running)],
};

function containerStatus(name: string, state: object): object {
  const image = "registry.example/codybatch-runner:1.0";
  const imageID = `registry.example/codybatch-runner@sha256:${"0".repeat(64)}`;
  const containerID = `containerd://${"0".repeat(64)}`;
  return { name, image, imageID, containerID, state, lastState: {}, ready: true, started: true, restartCount: 0 };
}

function liveRecordOf(job: Job, { metadata }: KubeObject): object {
  const changeset = { apiVersion, kind: "Changeset", name: job.metadata.labels[label.changeset], uid: metadata.uid };
  const ours = { [label.batchChange]: job.metadata.labels[label.batchChange], [label.changeset]: changeset.name };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: recordName.live(metadata.name),
      labels: { ...ours, [label.podUID]: metadata.uid, [label.role]: "live" },
      annotations: { [annotation.bytes]: "2048" },
      ownerReferences: [changeset],
    },
    binaryData: { "transcript.jsonl.gz": Buffer.alloc(2048, 7).toString("base64") },
  };
}

function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, "Z");
}
