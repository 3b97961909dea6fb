import { describe, expect, it } from "vitest";
import { batchOf } from "./testing/build.ts";
import { slimBatch } from "./slim-kinds.ts";
import { slimJob, slimPod, slimRecord } from "./slim.ts";

const at = "2026-03-02T09:00:00Z";
const labels = { "codybatch.dev/batch-change": "node-24", "codybatch.dev/changeset": "node-24-0123456789", "codybatch.dev/role": "change" };
const metadata = { name: "node-24-0123456789-1-2", namespace: "team-a", uid: "u", resourceVersion: "7", creationTimestamp: at, labels };
const condition = (type: string, reason = "", status = "True") => ({ type, status, reason, message: "m", lastTransitionTime: at });
const job = (status: object, spec: object = {}) => ({ metadata, spec: { template: { spec: {} }, ...spec }, status });

describe("of a Job", () => {
  it("is kept what decisions need", () => {
    const raw = job({ active: 1, conditions: [] }, { suspend: true });
    const annotations = {
      "codybatch.dev/reserved-nano-usd": "5",
      "codybatch.dev/inputs-hash": "h",
      "codybatch.dev/stopped-because": "SecondPod",
    };
    const owner = { apiVersion: "v1", kind: "Changeset", name: "c", uid: "cset", controller: true };
    const kept = slimJob({ ...raw, metadata: { ...metadata, annotations, ownerReferences: [owner] } });
    expect(kept).toMatchObject({
      attempt: 1,
      try: 2,
      owner: "cset",
      active: 1,
      suspended: true,
      reservedNanoUSD: 5,
      inputsHash: "h",
      stoppedBecause: "SecondPod",
    });
    expect(kept!.metadata).not.toHaveProperty("labels");
  });

  it.each([
    ["Complete", { kind: "Complete", reason: "CompletionsReached", at }],
    ["Failed", { kind: "Failed", reason: "CompletionsReached", at }],
    ["FailureTarget", undefined],
  ])("the condition %s ends it, or does not", (type, want) => {
    expect(slimJob(job({ conditions: [condition(type, "CompletionsReached")] }))!.finished).toEqual(want);
  });

  it("of somebody else nothing is kept", () => {
    expect(slimJob({ ...job({}), metadata: { ...metadata, labels: {} } })).toBeUndefined();
    expect(slimJob({ ...job({}), metadata: { ...metadata, labels: { ...labels, "codybatch.dev/role": "publish" } } })).toBeUndefined();
    expect(() => slimJob({})).toThrow("metadata");
  });
});

const podOwner = { kind: "Job", uid: "job", controller: true };
const pod = (status: object, more: object = {}) => ({ metadata: { ...metadata, ownerReferences: [podOwner], ...more }, spec: {}, status });

describe("of a pod", () => {
  it("is kept when its deletion was asked for, not when it is due", () => {
    const kept = slimPod(pod({}, { deletionTimestamp: "2026-03-02T09:02:00Z", deletionGracePeriodSeconds: 120 }));
    expect(kept).toMatchObject({ deletingSince: "2026-03-02T09:00:00.000Z", graceSeconds: 120, jobUID: "job" });
  });

  it("are kept the cluster's words about its node", () => {
    const conditions = [condition("DisruptionTarget", "EvictionByEvictionAPI"), condition("PodScheduled", "Unschedulable", "False")];
    expect(slimPod(pod({ conditions }))).toMatchObject({ disruption: "EvictionByEvictionAPI", unschedulable: "m" });
    expect(slimPod(pod({ phase: "Unknown", conditions: [condition("Ready", "", "Unknown")] }))).toMatchObject({ unreachableSince: at });
  });

  const toolbox = (status: object) =>
    slimPod(pod({ initContainerStatuses: [{ name: "toolbox", image: "tools:9", ...status }] }))!.containers;
  const fault = { reason: "StartError", exitCode: 128, message: 'exec: "sh": executable file not found in $PATH' };
  it.each([
    ["that it cannot be pulled", { state: { waiting: { reason: "ErrImagePull", message: "not found" } } }, "ErrImagePull", "not found"],
    ["that its program could not be run", { state: { terminated: fault } }, "StartError", fault.message],
    [
      "why it is started again",
      { state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } }, lastState: { terminated: fault } },
      "CrashLoopBackOff",
      fault.message,
    ],
    [
      "nothing that its own program wrote",
      {
        state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } },
        lastState: { terminated: { ...fault, reason: "Error" } },
      },
      "CrashLoopBackOff",
      "back-off 10s",
    ],
  ])("are kept the image of its toolbox and %s", (_, status, reason, message) => {
    expect(toolbox(status)).toMatchObject([{ name: "toolbox", image: "tools:9", reason, message }]);
  });

  it("is kept no word of a toolbox that ran", () => {
    expect(toolbox({ state: { terminated: { reason: "Error", exitCode: 1, message: "hello" } } })[0]).not.toHaveProperty("message");
  });

  it("is kept which of its volumes was full, in the kubelet's words", () => {
    const message = 'Usage of EmptyDir volume "toolbox" exceeds the limit "8Gi". ';
    expect(slimPod(pod({ phase: "Failed", reason: "Evicted", message }))).toMatchObject({ fullVolume: "toolbox" });
    expect(slimPod(pod({ phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory." }))).not.toHaveProperty(
      "fullVolume",
    );
  });

  const ended = (message: string) => ({ containerStatuses: [{ name: "agent", state: { terminated: { exitCode: 1, message } } }] });
  it.each([
    ["our own", '{"version":1,"reason":"ApiRejected"}', { version: 1, reason: "ApiRejected" }],
    ["nothing of anything else", "panic: out of cheese", undefined],
    ["nothing of half a message", '{"version":1,"reas', undefined],
    ["nothing of an unknown reason", '{"version":1,"reason":"Sunshine"}', undefined],
  ])("is kept of a termination message %s", (_, message, want) => {
    expect(slimPod(pod(ended(message)))!.containers[0]!.termination).toEqual(want);
  });

  it("of somebody else nothing is kept", () => {
    expect(slimPod(pod({}, { ownerReferences: [] }))).toBeUndefined();
  });
});

it.each([
  ["a number", "123", 123],
  ["nothing", undefined, 0],
  ["nonsense", "many", 0],
  ["a negative number", "-5", 0],
])("counts the bytes of a record that says %s", (_, bytes, want) => {
  const annotations = bytes === undefined ? {} : { "codybatch.dev/bytes": bytes };
  expect(slimRecord({ metadata: { ...metadata, annotations } })!.bytes).toBe(want);
});

describe("of a BatchChange", () => {
  const stored = batchOf();
  it("is kept spec, status and what newer rules say against it", () => {
    expect(slimBatch(stored, stored.metadata)).toMatchObject({ faults: [], batch: { spec: { parallelism: 5 } } });
    const spec = { ...stored.spec, publish: { ...stored.spec.publish, onCIFailure: { maxAttempts: 1 } } };
    const { batch, faults } = slimBatch({ ...stored, spec }, stored.metadata);
    expect(batch).toBeDefined();
    expect(faults[0]?.path).toBe("spec.publish.onCIFailure");
  });

  it("that cannot be read are kept its faults", () => {
    expect(slimBatch({ ...stored, spec: { repositories: 5 } }, stored.metadata)).toMatchObject({
      batch: undefined,
      faults: expect.anything(),
    });
  });
});
