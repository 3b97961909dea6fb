import type { Explanation } from "./explanation.ts";
import { kept } from "./kept.ts";
import { look } from "./look.ts";

/** Causes that the operator names from pod, Job and its own intent when a run ended without saying why. */
export const infrastructureExplanations = {
  Evicted: {
    meaning: "The node evicted the pod.",
    kept: kept.lastTenSeconds,
    look: look.attempts,
    next: "Nothing: at most two further tries follow, starting from the stored patch.",
  },
  Preempted: {
    meaning: "A pod of higher priority took the node's place.",
    kept: kept.lastTenSeconds,
    look: look.attempts,
    next: "Nothing: at most two further tries follow, starting from the stored patch.",
  },
  PodDeleted: {
    meaning: "Somebody or something deleted the pod.",
    kept: kept.lastTenSeconds,
    look: look.attempts,
    next: "Nothing: at most two further tries follow, starting from the stored patch.",
  },
  JobDeleted: {
    meaning: "Somebody or something deleted the Job.",
    kept: kept.lastTenSeconds,
    look: look.attempts,
    next: "Nothing: at most two further tries follow, starting from the stored patch. To stop a batch set spec.cancel instead.",
  },
  OOMKilled: {
    meaning: "A container used more memory than its limit.",
    kept: kept.lastTenSeconds,
    look: look.pod,
    next: "Ask the administrator for a larger runner memory limit, then run it again.",
  },
  NodeLost: {
    meaning: "The pod's node has been unreachable too long.",
    kept: kept.reservation,
    look: look.nodes,
    next: "Nothing: at most two further tries follow; check the node.",
  },
  AgentCrashed: {
    meaning: "The agent's process ended without a result.",
    kept: kept.work,
    look: look.agentLog,
    next: "Read the pod's log; at most two further tries follow.",
  },
  RecorderFailed: {
    meaning: "The recorder could not store the results.",
    kept: kept.reservation,
    look: look.recorderLog,
    next: "Check that the RoleBinding codybatch-recorder of the namespace is there; at most two further tries follow.",
  },
  SecondPod: {
    meaning: "The Job started a second pod, so it was stopped.",
    kept: kept.work,
    look: look.jobs,
    next: "Do not suspend and resume Jobs of a batch by hand; at most two further tries follow.",
  },
  ResultLost: {
    meaning: "The pod is gone and left no result; its whole reservation counts as spent.",
    kept: kept.reservation,
    look: look.attempts,
    next: "Decide whether to run it again: that never happens by itself, because it may have been paid already.",
  },
  ResultUnreadable: {
    meaning: "The pod stored a result that cannot be read; its whole reservation counts as spent.",
    kept: kept.reservation,
    look: look.jobs,
    next: "Check that operator and runner image have the same version, then run it again.",
  },
  JobSuspended: {
    meaning: "Somebody suspended the Job, and the operator never resumes one.",
    kept: kept.work,
    look: look.jobs,
    next: "Raise the Changeset's spec.attempt to run it again.",
  },
  TriesExhausted: {
    meaning: "Faults of the cluster ended every try.",
    kept: kept.work,
    look: look.attempts,
    next: "Read status.attempts, mend the cluster, then run it again.",
  },
} as const satisfies Record<string, Explanation>;
