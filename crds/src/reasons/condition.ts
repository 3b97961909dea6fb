import type { Explanation } from "./explanation.ts";
import { kept } from "./kept.ts";
import { look } from "./look.ts";

/** Reasons of the conditions of BatchChange and Changeset. */
export const conditionExplanations = {
  // Accepted
  Valid: { meaning: "The BatchChange can be carried out.", kept: kept.stored, look: look.batch, next: "Nothing." },
  LimitExceeded: {
    meaning: "The BatchChange passes a limit of the administrator; nothing runs.",
    kept: kept.stored,
    look: look.batch,
    next: "Change the field that the message names, or ask the administrator.",
  },
  InvalidSpec: {
    meaning: "The stored BatchChange is not valid; nothing runs.",
    kept: kept.stored,
    look: look.batch,
    next: "Correct the field that the message names; check that the installed CRDs have the operator's version.",
  },
  PromptMissing: {
    meaning: "The ConfigMap or key of spec.promptFrom does not exist.",
    kept: kept.stored,
    look: look.promptSource,
    next: "Create the ConfigMap and key that the message names; the batch goes on by itself.",
  },
  PromptTooLarge: {
    meaning: "The prompt of spec.promptFrom is too long.",
    kept: kept.stored,
    look: look.promptSource,
    next: "Shorten it to at most 65536 characters; the batch goes on by itself.",
  },
  PromptInvalid: {
    meaning: "The text of spec.promptFrom, or the instructions of a repository, name a variable that does not exist.",
    kept: kept.stored,
    look: look.promptSource,
    next: "Mend the name in the ConfigMap, or write $${ for a plain ${, and the batch goes on by itself; instructions need a new BatchChange.",
  },
  ClaimRequired: {
    meaning: "So many repositories do not fit ConfigMaps.",
    kept: kept.stored,
    look: look.batch,
    next: "Make a new BatchChange with spec.resultStorage.type PersistentVolumeClaim, or with fewer repositories.",
  },
  NameTaken: {
    meaning: "An object of somebody else has a name that this BatchChange needs.",
    kept: "The other object is not touched.",
    look: look.batch,
    next: "Delete the object that the message names, or use another name for the BatchChange.",
  },
  AdmissionPolicyMissing: {
    meaning: "The policy that confines the recorder, or the binding that puts it into force, is not installed; nothing runs.",
    kept: kept.stored,
    look: look.policy,
    next: "Ask an administrator to install what the message names with the chart; the batch goes on by itself.",
  },
  AccessForbidden: {
    meaning: "The operator has no right to make the recorder's ServiceAccount and RoleBinding in this namespace; nothing runs.",
    kept: kept.stored,
    look: look.recorderAccess,
    next: "Ask an administrator to install or upgrade the chart for this namespace; the batch goes on by itself.",
  },
  // Discovered
  RepositoriesFound: {
    meaning: "The search has found its repositories, and never runs again.",
    kept: "The whole answer stays in the ConfigMap that status.discovery.ref names.",
    look: look.discovery,
    next: "Read what is taken before you set spec.suspend to false, or wait.",
  },
  Discovering: {
    meaning: "The repositories of spec.repositorySelector are being searched for; nothing starts before the answer.",
    kept: kept.unpaid,
    look: look.taskJobs,
    next: "Wait.",
  },
  NothingFound: {
    meaning: "None of the repositories that the search found is taken, or it found none.",
    kept: kept.unpaid,
    look: look.discovery,
    next: "Read why in the message, then make a new BatchChange with another selector.",
  },
  SearchRefused: {
    meaning: "GitHub does not take the words of the search.",
    kept: kept.unpaid,
    look: look.discovery,
    next: "Try the words on GitHub's search page, then make a new BatchChange with another selector.",
  },
  SearchGivenUp: {
    meaning: "The search for repositories came to nothing, and the same search would again; nothing runs.",
    kept: kept.unpaid,
    look: look.discovery,
    next: "Read the condition Discovered, then make a new BatchChange.",
  },
  // Progressing and Complete
  InProgress: { meaning: "Some repositories are not finished.", kept: kept.results, look: look.changesets, next: "Wait." },
  Waiting: {
    meaning: "Nothing runs at the moment; every unfinished repository waits.",
    kept: kept.results,
    look: look.changesets,
    next: "Read the reasons of the Changesets.",
  },
  Finished: { meaning: "Every repository is finished.", kept: kept.results, look: look.changesets, next: "Nothing." },
  AllSucceeded: { meaning: "Every repository ended well.", kept: kept.results, look: look.messages, next: "Read the patches." },
  SomeFailed: {
    meaning: "Some repositories failed.",
    kept: kept.results,
    look: look.messages,
    next: "Read their messages, then raise spec.retryFailed.",
  },
  AllFailed: {
    meaning: "Every repository failed.",
    kept: kept.results,
    look: look.messages,
    next: "Read their messages, mend the cause, then raise spec.retryFailed.",
  },
  SomeCancelled: {
    meaning: "The batch was cancelled.",
    kept: kept.work,
    look: look.changesets,
    next: "Read the patches; a new BatchChange does the rest.",
  },
  // BudgetNearlySpent, BudgetExceeded, PriceUnknown, StorageFull
  MostOfBudgetSpent: {
    meaning: "At least 80 % of spec.budget.maxCostUSD is spent; what runs and what waits goes on while it fits.",
    kept: kept.stored,
    look: look.batch,
    next: "Raise spec.budget.maxCostUSD before the rest is too little for another attempt, or let the batch stop there.",
  },
  BudgetSpent: {
    meaning: "Nothing more fits the budget.",
    kept: kept.stored,
    look: look.changesets,
    next: "Raise spec.budget.maxCostUSD to go on.",
  },
  WithinBudget: { meaning: "The budget is not used up.", kept: kept.stored, look: look.batch, next: "Nothing." },
  // QuotaNearlySpent, QuotaExceeded
  MostOfQuotaSpent: {
    meaning: "The namespace has spent at least 80 % of a quota; what runs and what waits goes on while it fits.",
    kept: kept.stored,
    look: look.batch,
    next: "Ask the administrator for a larger quota before the rest is too little for another attempt, or let it renew.",
  },
  QuotaSpent: {
    meaning: "A quota of the namespace is spent, or no waiting attempt fits the rest.",
    kept: kept.stored,
    look: look.changesets,
    next: "Wait until it renews, lower spec.agent.maxCostUSD if that fits, or ask the administrator for a larger quota.",
  },
  WithinQuota: { meaning: "The namespace's quotas are not used up.", kept: kept.stored, look: look.batch, next: "Nothing." },
  PricesKnown: { meaning: "Every request so far had a known price.", kept: kept.stored, look: look.batch, next: "Nothing." },
  StorageLimitReached: {
    meaning: "Stored results have reached the administrator's limit; nothing new starts.",
    kept: kept.stored,
    look: look.batches,
    next: "Delete finished BatchChanges, shorten spec.resultStorage.retain, or use a PersistentVolumeClaim.",
  },
  StorageAvailable: { meaning: "There is room for results.", kept: kept.stored, look: look.batch, next: "Nothing." },
  // Approved
  NotApproved: {
    meaning: "Nobody has approved the patch.",
    kept: kept.results,
    look: look.patch,
    next: "Read the patch, then set spec.approval.",
  },
  ApprovalVoid: {
    meaning: "The approval names another patch than the one that is stored now.",
    kept: kept.results,
    look: look.patch,
    next: "Read the new patch and approve its digest.",
  },
  // TrackingFailed
  PullRequestsFollowed: {
    meaning: "The last look at the pull requests met no obstacle.",
    kept: kept.results,
    look: look.tracking,
    next: "Nothing.",
  },
  // CanaryFailed, PlainHTTP, SharedCredential
  CanaryNotGood: {
    meaning: "A first repository did not end well, so the rest wait.",
    kept: kept.stored,
    look: look.changesets,
    next: "Mend the prompt if it is at fault, then retry it with spec.retryFailed, or set spec.rollout.canary to 0.",
  },
  CanariesGood: { meaning: "The first repositories ended well.", kept: kept.stored, look: look.changesets, next: "Nothing." },
  PlainHTTPUsed: {
    meaning: "A repository is read over http, without encryption.",
    kept: kept.stored,
    look: look.batch,
    next: "Use an https url where the server has one.",
  },
  SecretShared: {
    meaning: "One Secret serves reading and writing at GitHub, so a token in it lets whatever clones also push.",
    kept: kept.stored,
    look: look.batch,
    next: "Make a second Secret that reads only, and name it in spec.credentials.githubReadSecret of the next BatchChange; or put a GitHub App into the one.",
  },
} as const satisfies Record<string, Explanation>;
