import type { Explanation } from "./explanation.ts";

/** Reasons of the conditions of BatchChange and Changeset. */
export const conditionExplanations = {
  // Accepted
  Valid: { meaning: "The BatchChange can be carried out.", next: "Nothing." },
  LimitExceeded: {
    meaning: "The BatchChange passes a limit of the administrator; nothing runs.",
    next: "Change the field that the message names, or ask the administrator.",
  },
  NotSupported: {
    meaning: "The BatchChange asks for something that this version does not do yet; nothing runs.",
    next: "Take out the field that the message names.",
  },
  InvalidSpec: { meaning: "The stored BatchChange is not valid; nothing runs.", next: "Correct the field that the message names." },
  PromptMissing: {
    meaning: "The ConfigMap or key of spec.promptFrom does not exist.",
    next: "Create the ConfigMap and key that the message names.",
  },
  PromptTooLarge: { meaning: "The prompt of spec.promptFrom is too long.", next: "Shorten it to at most 65536 characters." },
  ClaimRequired: {
    meaning: "So many repositories do not fit ConfigMaps.",
    next: "Make a new BatchChange with spec.resultStorage.type PersistentVolumeClaim, or with at most 50 repositories.",
  },
  NameTaken: {
    meaning: "An object of somebody else has a name that this BatchChange needs.",
    next: "Delete the object that the message names, or use another name for the BatchChange.",
  },
  AdmissionPolicyMissing: {
    meaning: "The policy that confines the recorder, or the binding that puts it into force, is not installed; nothing runs.",
    next: "Ask an administrator to install the chart's ValidatingAdmissionPolicy and its binding, as the message says.",
  },
  // Progressing and Complete
  InProgress: { meaning: "Some repositories are not finished.", next: "Wait." },
  Waiting: { meaning: "Nothing runs at the moment; every unfinished repository waits.", next: "Read the reasons of the Changesets." },
  Finished: { meaning: "Every repository is finished.", next: "Nothing." },
  AllSucceeded: { meaning: "Every repository ended well.", next: "Read the patches." },
  SomeFailed: { meaning: "Some repositories failed.", next: "Read their messages, then raise spec.retryFailed." },
  AllFailed: { meaning: "Every repository failed.", next: "Read their messages, mend the cause, then raise spec.retryFailed." },
  SomeCancelled: {
    meaning: "The batch was cancelled; what was done by then is kept.",
    next: "Read the patches; a new BatchChange does the rest.",
  },
  // BudgetExceeded, PriceUnknown, StorageFull
  BudgetSpent: { meaning: "Nothing more fits the budget.", next: "Raise spec.budget.maxCostUSD to go on." },
  WithinBudget: { meaning: "The budget is not used up.", next: "Nothing." },
  PricesKnown: { meaning: "Every request so far had a known price.", next: "Nothing." },
  StorageLimitReached: {
    meaning: "Stored results have reached the administrator's limit; nothing new starts.",
    next: "Delete finished BatchChanges, shorten spec.resultStorage.retain, or use a PersistentVolumeClaim.",
  },
  StorageAvailable: { meaning: "There is room for results.", next: "Nothing." },
  // Approved
  NotApproved: { meaning: "Nobody has approved the patch.", next: "Read the patch, then set spec.approval." },
  ApprovalVoid: {
    meaning: "The approval names another patch than the one that is stored now.",
    next: "Read the new patch and approve its digest.",
  },
  // CanaryFailed, PlainHTTP
  CanaryNotGood: { meaning: "A first repository did not end well, so the rest wait.", next: "Retry it, or set spec.rollout.canary to 0." },
  CanariesGood: { meaning: "The first repositories ended well.", next: "Nothing." },
  PlainHTTPUsed: { meaning: "A repository is read over http, without encryption.", next: "Use an https url where the server has one." },
} as const satisfies Record<string, Explanation>;
