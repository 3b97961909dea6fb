import type { Explanation } from "./explanation.ts";
import { kept } from "./kept.ts";
import { look } from "./look.ts";

const mended =
  "Mend that, then take the approval back and approve again, as the message shows: the same patch is published without another run.";
const anew = "Raise the Changeset's spec.attempt: the change is made anew on what the repository is now.";

/** What becomes of a patch that may be published. */
export const publishExplanations = {
  PublishRunning: {
    meaning: "The patch is being published.",
    kept: kept.results,
    look: look.taskJobs,
    next: "Wait; the pull request's address comes in status.pullRequest.",
  },
  NotOwned: {
    meaning: "The write credential may not push to this repository, so the patch is for download.",
    kept: kept.results,
    look: look.patch,
    next: "Read the patch and offer it by hand, or give the credential the right to push and approve again, as the message shows.",
  },
  PatchMismatch: {
    meaning: "The stored patch is not the one that was approved, so it was not published.",
    kept: "What is stored stays for an examination: somebody has changed it, or storage is broken.",
    look: look.patch,
    next: anew,
  },
  TreeMismatch: {
    meaning: "The patch does not give the recorded tree, so it was not published.",
    kept: kept.results,
    look: look.patch,
    next: anew,
  },
  SigningKeyUnusable: {
    meaning: "The key signing.key of the write Secret cannot sign, so nothing was sent.",
    kept: kept.results,
    look: look.secrets,
    next: "Put an ed25519 key without a passphrase into the Secret, or take the key out; it is tried again by itself.",
  },
  WorkflowPermissionMissing: {
    meaning: "The change touches .github/workflows, which the write credential may not.",
    kept: kept.results,
    look: look.secrets,
    next: "Give the credential the permission to write workflows; it is tried again by itself.",
  },
  BaseGone: {
    meaning: "The base branch, or the commit that the patch starts from, is gone.",
    kept: kept.results,
    look: look.changeset,
    next: anew,
  },
  BranchTaken: {
    meaning: "The branch to push holds commits that are not of this batch; they are never overwritten.",
    kept: kept.results,
    look: look.changeset,
    next: `Delete or rename that branch, or set another spec.publish.branch. ${mended}`,
  },
  HumanCommits: {
    meaning: "Somebody has committed to the branch of the pull request; that work is never overwritten.",
    kept: "The pull request and their commits stay as they are.",
    look: look.pullRequest,
    next: `Go on in that pull request, or remove these commits from its branch. ${mended}`,
  },
  PushRefused: {
    meaning: "The git host refused the branch, such as by a rule of the repository.",
    kept: kept.results,
    look: look.changeset,
    next: `Read the message, which has the host's words. ${mended}`,
  },
  PullRequestRefused: {
    meaning: "The branch was pushed, and the git host refused the pull request.",
    kept: "The branch stays; the results are stored.",
    look: look.changeset,
    next: `Read the message, which has the host's words. ${mended}`,
  },
  Closed: {
    meaning: "The pull request of this change was closed without a merge, and is left so.",
    kept: "The pull request and its branch stay as they are.",
    look: look.pullRequest,
    next: `Leave the change, or reopen the pull request. ${mended}`,
  },
} as const satisfies Record<string, Explanation>;
