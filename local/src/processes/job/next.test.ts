import { expect, test } from "vitest";

import { jobSchema } from "../api/job.ts";
import type { Job } from "../api/job.ts";
import { podSchema } from "../api/pod.ts";
import type { Pod } from "../api/pod.ts";
import type { Ledger } from "./ledger.ts";
import { nextStep } from "./next.ts";
import { podFor } from "./pod.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const at = "2026-01-01T00:00:00Z";

function job(spec: Record<string, unknown> = {}, rest: Record<string, unknown> = {}): Job {
  const metadata = { name: "batch-abc-1-1", namespace: "team-a", uid: "job-uid", ...(rest["metadata"] as object) };
  const base = { backoffLimit: 0, podReplacementPolicy: "Failed", template: { spec: { containers: [] } } };
  return jobSchema.parse({ ...rest, metadata, spec: { ...base, ...spec } });
}

function pod(uid: string, phase: string, isDeleting = false): Pod {
  const metadata = { name: uid, namespace: "team-a", uid, ...(isDeleting ? { deletionTimestamp: at } : {}) };
  return podSchema.parse({ metadata, spec: { containers: [] }, status: { phase } });
}

interface Given {
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly ledger: Ledger;
}

function given(subject: Job, pods: readonly Pod[], ledger: Ledger): Given {
  return { job: subject, pods, ledger };
}

const endedJob = job({}, { status: { conditions: [{ type: "Failed", status: "True" }] } });

interface Wanted {
  readonly create?: number;
  readonly stop?: readonly string[];
  readonly ledger?: Ledger;
}

test.each<[string, Given, Wanted]>([
  ["a new Job gets its first pod", given(job(), [], {}), { create: 0 }],
  ["a Job with a living pod gets no other", given(job(), [pod("a", "Running")], { a: "active" }), {}],
  ["a pod seen for the first time is remembered", given(job(), [pod("a", "Pending")], {}), { ledger: { a: "active" } }],
  ["a suspended Job gets none", given(job({ suspend: true }), [], {}), {}],
  [
    "suspension releases the pod before it is stopped",
    given(job({ suspend: true }), [pod("a", "Running")], { a: "active" }),
    { stop: ["a"], ledger: { a: "released" } },
  ],
  ["a released pod is waited for", given(job(), [pod("a", "Running", true)], { a: "released" }), {}],
  ["a resumed Job gets a second pod", given(job(), [], { a: "released" }), { create: 1 }],
  [
    "a pod deleted by somebody counts once it has ended, not before",
    given(job({ backoffLimit: 1 }), [pod("a", "Running", true)], { a: "active" }),
    {},
  ],
  ["a pod that is gone counts as failed", given(job(), [], { a: "active" }), { ledger: { a: "failed" } }],
  [
    "below the backoff limit a failed pod is replaced",
    given(job({ backoffLimit: 1 }), [pod("a", "Failed")], { a: "active" }),
    { create: 1, ledger: { a: "failed" } },
  ],
  ["a Job being deleted gets no pod", given(job({}, { metadata: { deletionTimestamp: at } }), [], {}), {}],
])("%s", (_, { job: subject, pods, ledger }, wanted) => {
  const step = nextStep(subject, pods, ledger, now);
  expect(step).toMatchObject({ create: wanted.create, ledger: wanted.ledger ?? ledger });
  expect(step?.stop.map(({ metadata }) => metadata.uid)).toEqual(wanted.stop ?? []);
});

test("a Job that has ended is left alone", () => {
  expect(nextStep(endedJob, [], {}, now)).toBeUndefined();
});

test.each([
  ["Succeeded", "succeeded", ["SuccessCriteriaMet", "Complete"], "CompletionsReached"],
  ["Failed", "failed", ["FailureTarget", "Failed"], "BackoffLimitExceeded"],
])("a pod in phase %s makes the Job's status", (phase, count, types, reason) => {
  const step = nextStep(job(), [pod("a", phase)], { a: "active" }, now);
  expect(step?.status).toMatchObject({ [count]: 1, ready: 0, terminating: 0, startTime: at });
  expect(step?.status.conditions?.map(({ type }) => type)).toEqual(types);
  expect(step?.status.conditions?.[1]).toMatchObject({ status: "True", reason, lastTransitionTime: at });
  expect(step?.status.completionTime).toBe(phase === "Succeeded" ? at : undefined);
});

test("the end is final only after the last pod has ended", () => {
  const step = nextStep(job(), [pod("a", "Failed"), pod("b", "Running", true)], { a: "active", b: "active" }, now);
  expect(step?.status.conditions?.map(({ type }) => type)).toEqual(["FailureTarget"]);
});

test("a condition keeps its time while it holds", () => {
  const before = [
    { type: "Suspended", status: "True", reason: "JobSuspended", message: "Job suspended", lastTransitionTime: "2025-01-01T00:00:00Z" },
  ];
  const step = nextStep(job({ suspend: true }, { status: { conditions: before, startTime: at } }), [], {}, now);
  expect(step?.status).toEqual({ ready: 0, terminating: 0, conditions: before });
});

test("a Job's pod has the Job's labels, owner and a name that follows from Job and number", () => {
  const labels = { "codybatch.dev/role": "change" };
  const subject = job({ template: { metadata: { labels, annotations: { note: "x" } }, spec: { containers: [{ name: "agent" }] } } });
  const made = podFor(subject, 0);
  expect(made.metadata).toMatchObject({
    labels: {
      ...labels,
      "app.kubernetes.io/name": "cody-batch",
      "batch.kubernetes.io/job-name": "batch-abc-1-1",
      "batch.kubernetes.io/controller-uid": "job-uid",
    },
    annotations: { note: "x" },
    ownerReferences: [{ kind: "Job", uid: "job-uid", controller: true }],
  });
  expect(made["spec"]).toEqual({ containers: [{ name: "agent" }] });
  expect(made.metadata.name).toMatch(/^batch-abc-1-1-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  expect(podFor(subject, 0).metadata.name).toBe(made.metadata.name);
  expect(podFor(subject, 1).metadata.name).not.toBe(made.metadata.name);
});
