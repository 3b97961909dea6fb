import type { Explanation } from "./explanation.ts";
import { kept } from "./kept.ts";
import { look } from "./look.ts";

/** Why a Changeset is in a phase that is neither waiting nor failed. */
export const phaseExplanations = {
  AgentRunning: {
    meaning: "Claude works on the repository.",
    kept: "Patch, transcript and cost are stored every ten seconds.",
    look: look.progress,
    next: "Wait; the ConfigMap named after its pod, ending in -live, shows how far it is.",
  },
  NoChangeNecessary: {
    meaning: "Claude found that nothing has to change here.",
    kept: "The explanation, the transcript and the cost are stored.",
    look: look.explanation,
    next: "Read why in status.result.explanation.",
  },
  PatchReady: {
    meaning: "The patch is stored and nothing is published.",
    kept: kept.results,
    look: look.patch,
    next: "Read the patch that status.patch.ref names.",
  },
  PatchPruned: {
    meaning: "The patch was deleted when spec.resultStorage.retain was over.",
    kept: "The summary, the size of the patch and the cost stay in status.",
    look: look.changeset,
    next: "Raise the Changeset's spec.attempt to make it anew; a longer spec.resultStorage.retain keeps the next one longer.",
  },
  ApprovalNeeded: {
    meaning: "The patch is stored and waits for an approval.",
    kept: kept.results,
    look: look.patch,
    next: "Read the patch, then set spec.approval to its digest and your user name.",
  },
  ApprovalRecorded: {
    meaning: "The patch is approved.",
    kept: kept.results,
    look: look.changeset,
    next: "Wait; the pull request's address comes in status.pullRequest.",
  },
  PullRequestOpen: {
    meaning: "The pull request is open.",
    kept: kept.results,
    look: look.pullRequest,
    next: "Review it, then merge or close it at the git host.",
  },
  PullRequestMerged: { meaning: "The pull request is merged.", kept: kept.results, look: look.pullRequest, next: "Nothing." },
  PullRequestClosed: {
    meaning: "The pull request was closed without a merge.",
    kept: kept.results,
    look: look.pullRequest,
    next: "Open it again at the git host if that was a mistake.",
  },
  PullRequestGone: {
    meaning: "The git host does not show the pull request or its repository any more.",
    kept: kept.results,
    look: look.pullRequest,
    next: "Check that the repository is still there and that the read credential may see it.",
  },
  CancelRequested: {
    meaning: "spec.cancel is true.",
    kept: kept.work,
    look: look.changesets,
    next: "Apply a new BatchChange to run again: cancel is final.",
  },
  Superseded: {
    meaning: "A newer attempt was asked for, so this one was stopped.",
    kept: kept.work,
    look: look.attempts,
    next: "Nothing: the newer attempt follows.",
  },
  RepositoryRemoved: {
    meaning: "The repository was taken out of the BatchChange.",
    kept: "Its results and what was spent on it stay.",
    look: look.changeset,
    next: "Add it again to count it again; it does not run again by that.",
  },
  DuplicateRepository: {
    meaning: "Another entry names the same repository and branch.",
    kept: "The other entry is worked on; this one costs nothing.",
    look: look.changesets,
    next: "Take one of the two entries out of spec.repositories.",
  },
} as const satisfies Record<string, Explanation>;
