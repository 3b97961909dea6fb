import type { Explanation } from "./explanation.ts";

/** Why a Changeset is in a phase that is neither waiting nor failed. */
export const phaseExplanations = {
  AgentRunning: {
    meaning: "Claude works on the repository.",
    next: "Wait; the ConfigMap of status.job's pod ending in -live shows the progress.",
  },
  NoChangeNecessary: { meaning: "Claude found that nothing has to change here.", next: "Nothing; the explanation is in status.result." },
  PatchReady: { meaning: "The patch is stored and nothing is published.", next: "Read the patch that status.patch.ref names." },
  ApprovalNeeded: {
    meaning: "The patch is stored and waits for an approval.",
    next: "Read the patch, then set spec.approval to its digest and your user name.",
  },
  ApprovalRecorded: {
    meaning: "The patch is approved; this version does not publish yet.",
    next: "Apply the patch by hand; a later version opens the pull request.",
  },
  CancelRequested: {
    meaning: "spec.cancel is true; what was done is kept.",
    next: "Apply a new BatchChange to run again: cancel is final.",
  },
  Superseded: { meaning: "A newer attempt was asked for, so this one was stopped.", next: "Nothing: the newer attempt follows." },
  RepositoryRemoved: {
    meaning: "The repository was taken out of the BatchChange; results and spend stay.",
    next: "Add it again to count it again; it does not run again by that.",
  },
  DuplicateRepository: {
    meaning: "Another entry names the same repository and branch.",
    next: "Take one of the two entries out of spec.repositories.",
  },
} as const satisfies Record<string, Explanation>;
