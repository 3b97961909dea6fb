import type { Explanation } from "./explanation.ts";

/** Why a Changeset is Pending, or its pod has not started. */
export const waitingExplanations = {
  WaitingForSlot: {
    meaning: "All slots are in use.",
    next: "Wait, or raise spec.parallelism; the administrator's limits also count Jobs of other batches.",
  },
  WaitingForBudget: {
    meaning: "What is spent and reserved leaves too little of the budget for this attempt.",
    next: "Wait for running attempts to settle, or raise spec.budget.maxCostUSD.",
  },
  WaitingForCanary: {
    meaning: "The first repositories have not ended well yet.",
    next: "Wait, retry the failed canary, or set spec.rollout.canary to 0.",
  },
  WaitingForRateLimit: { meaning: "The server asked for fewer requests.", next: "Wait." },
  WaitingForStorage: {
    meaning: "Stored results have reached the limit, so nothing new starts.",
    next: "Delete finished BatchChanges, shorten spec.resultStorage.retain, or use a PersistentVolumeClaim.",
  },
  WaitingForQuota: { meaning: "The namespace's quota for this period is used up.", next: "Wait for the renewal time in the message." },
  WaitingForRetry: { meaning: "A fault of the cluster ended the last try; the next one starts soon.", next: "Wait." },
  WaitingForPrompt: {
    meaning: "The ConfigMap or key of spec.promptFrom does not exist.",
    next: "Create the ConfigMap and key that the message names.",
  },
  Suspended: { meaning: "spec.suspend is true, so nothing new starts.", next: "Set spec.suspend to false." },
  NotAccepted: {
    meaning: "The BatchChange is not accepted, so nothing starts.",
    next: "Read the condition Accepted of the BatchChange.",
  },
  Queued: { meaning: "The attempt is about to start.", next: "Wait." },
  Starting: { meaning: "The Job exists and its pod is being started.", next: "Wait." },
  Unschedulable: {
    meaning: "No node has room for the pod.",
    next: "Wait for room, add nodes, or check node selector, tolerations and the claim.",
  },
  ImagePullBackOff: { meaning: "The runner image cannot be pulled.", next: "Check the image's name and the pull secret." },
  ContainerConfigError: {
    meaning: "The pod's configuration cannot be satisfied.",
    next: "Read the message, which has the node's own words.",
  },
  QuotaExceeded: {
    meaning: "A ResourceQuota of the namespace refuses the pod.",
    next: "Wait for running pods to end, or ask for a larger ResourceQuota.",
  },
  PodRefused: {
    meaning: "The cluster refuses the pod by a policy.",
    next: "Read the message and ask the administrator of that policy.",
  },
} as const satisfies Record<string, Explanation>;
