import type { Explanation } from "./explanation.ts";

/** Causes that the operator names from pod, Job and its own intent when a run ended without saying why. */
export const infrastructureExplanations = {
  Evicted: { meaning: "The node evicted the pod.", next: "Nothing: at most two further tries follow, starting from the stored patch." },
  Preempted: { meaning: "A pod of higher priority took the node's place.", next: "Nothing: at most two further tries follow." },
  PodDeleted: { meaning: "Somebody or something deleted the pod.", next: "Nothing: at most two further tries follow." },
  JobDeleted: { meaning: "Somebody or something deleted the Job.", next: "Nothing: at most two further tries follow." },
  OOMKilled: {
    meaning: "A container used more memory than its limit.",
    next: "Ask the administrator for a larger runner memory limit, then run it again.",
  },
  NodeLost: {
    meaning: "The pod's node has been unreachable too long.",
    next: "Nothing: at most two further tries follow; check the node.",
  },
  AgentCrashed: { meaning: "The agent's process ended without a result.", next: "Read the pod's log; at most two further tries follow." },
  RecorderFailed: {
    meaning: "The recorder could not store the results.",
    next: "Read the recorder's log and check the RoleBinding codybatch-recorder.",
  },
  SecondPod: { meaning: "The Job started a second pod, so it was stopped.", next: "Do not suspend and resume Jobs of a batch by hand." },
  ResultLost: {
    meaning: "The pod is gone and left no result; its whole reservation counts as spent.",
    next: "Raise the Changeset's spec.attempt to run it again; it is never run again silently.",
  },
  ResultUnreadable: {
    meaning: "The pod stored a result that cannot be read; its whole reservation counts as spent.",
    next: "Check that operator and runner image have the same version, then raise spec.attempt.",
  },
  JobSuspended: {
    meaning: "Somebody suspended the Job; what was done is kept, and the operator never resumes a Job.",
    next: "Raise the Changeset's spec.attempt to run it again.",
  },
  TriesExhausted: {
    meaning: "Faults of the cluster ended every try.",
    next: "Read status.attempts, mend the cluster, then raise spec.attempt.",
  },
} as const satisfies Record<string, Explanation>;
