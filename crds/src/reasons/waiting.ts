import type { Explanation } from "./explanation.ts";
import { kept } from "./kept.ts";
import { look } from "./look.ts";

/** Why a Changeset is Pending, or its pod has not started. */
export const waitingExplanations = {
  WaitingForSlot: {
    meaning: "All slots are in use.",
    kept: kept.notStarted,
    look: look.batches,
    next: "Wait, or raise spec.parallelism; the administrator's limits also count Jobs of other batches.",
  },
  WaitingForBudget: {
    meaning: "What is spent and reserved leaves too little of the budget for this attempt.",
    kept: kept.notStarted,
    look: look.batch,
    next: "Wait for running attempts to settle, or raise spec.budget.maxCostUSD.",
  },
  WaitingForQuota: {
    meaning: "What the namespace has spent and reserved in this day or month leaves too little of its quota for this attempt.",
    kept: kept.notStarted,
    look: look.changesets,
    next: "Wait until the quota renews or running attempts settle, lower spec.agent.maxCostUSD, or ask the administrator for a larger quota.",
  },
  QuotaTooSmall: {
    meaning: "This attempt may cost more than the whole quota of the namespace, so it cannot start.",
    kept: kept.notStarted,
    look: look.batch,
    next: "Lower spec.agent.maxCostUSD, or ask the administrator for a larger quota.",
  },
  WaitingForRateLimit: {
    meaning: "The credential has made as many pull requests as the administrator or the git host allows for now.",
    kept: kept.stored,
    look: look.changesets,
    next: "Wait; it goes on by itself at the time that the message names.",
  },
  WaitingForCanary: {
    meaning: "The first repositories have not ended well yet.",
    kept: kept.notStarted,
    look: look.changesets,
    next: "Wait, retry the failed canary, or set spec.rollout.canary to 0.",
  },
  WaitingForStorage: {
    meaning: "Stored results have reached the limit, so nothing new starts.",
    kept: kept.notStarted,
    look: look.batches,
    next: "Delete finished BatchChanges, shorten spec.resultStorage.retain, or use a PersistentVolumeClaim.",
  },
  WaitingForRetry: {
    meaning: "A fault of the cluster ended the last try; the next one starts soon.",
    kept: kept.work,
    look: look.attempts,
    next: "Wait.",
  },
  Suspended: {
    meaning: "spec.suspend is true, so nothing new starts.",
    kept: kept.stored,
    look: look.batch,
    next: "Set spec.suspend to false.",
  },
  NotAccepted: {
    meaning: "The BatchChange is not accepted, so nothing starts.",
    kept: kept.stored,
    look: look.batch,
    next: "Read the condition Accepted of the BatchChange.",
  },
  Queued: { meaning: "The attempt is about to start.", kept: kept.notStarted, look: look.changesets, next: "Wait." },
  Starting: { meaning: "The Job exists and its pod is being started.", kept: kept.notStarted, look: look.pod, next: "Wait." },
  Unschedulable: {
    meaning: "No node has room for the pod.",
    kept: kept.notStarted,
    look: look.pod,
    next: "Wait for room, add nodes, or check node selector, tolerations and the claim.",
  },
  ImagePullBackOff: {
    meaning: "An image of the pod cannot be pulled: the runner's, or that of spec.toolbox.",
    kept: kept.notStarted,
    look: look.pod,
    next: "Check runner.image and imagePullSecrets of the chart, or spec.toolbox.image where the message speaks of the toolbox; the pod goes on by itself once the image is there. A toolbox is given up after 10 minutes.",
  },
  ContainerConfigError: {
    meaning: "The pod's configuration cannot be satisfied.",
    kept: kept.notStarted,
    look: look.pod,
    next: "Read the message, which has the node's own words.",
  },
  CrashLoopBackOff: {
    meaning: "A container of the pod ends again and again as soon as it starts.",
    kept: kept.notStarted,
    look: look.pod,
    next: "Read the message. Where it speaks of the toolbox, check that spec.toolbox.image has sh; a toolbox is given up after 10 minutes.",
  },
  QuotaExceeded: {
    meaning: "A ResourceQuota of the namespace refuses the pod.",
    kept: kept.notStarted,
    look: look.quota,
    next: "Wait for running pods to end, or ask for a larger ResourceQuota.",
  },
  PodRefused: {
    meaning: "The cluster refuses the pod, by a policy or because the runner's settings contradict each other.",
    kept: kept.notStarted,
    look: look.changeset,
    next: "Read the message; ask the administrator of that policy, or of the chart when it speaks of resources. It is tried again by itself.",
  },
} as const satisfies Record<string, Explanation>;
