import type { RunReason } from "../run/result.ts";
import type { Explanation } from "./explanation.ts";
import { kept } from "./kept.ts";
import { look } from "./look.ts";

/** Why a run ended, as the agent or the clone said it. */
export const runExplanations = {
  Reported: { meaning: "Claude reported its result.", kept: kept.results, look: look.changeset, next: "Read the summary and the patch." },
  TurnsExhausted: {
    meaning: "The attempt used all its turns.",
    kept: kept.work,
    look: look.transcript,
    next: "Raise spec.agent.maxTurns, then run it again.",
  },
  TokensExhausted: {
    meaning: "The attempt used all its tokens.",
    kept: kept.work,
    look: look.transcript,
    next: "Raise spec.agent.maxTokens, then run it again.",
  },
  BudgetExhausted: {
    meaning: "The next request could have passed the attempt's dollar limit, so it was not sent.",
    kept: kept.work,
    look: look.attempts,
    next: "Raise spec.agent.maxCostUSD, then run it again.",
  },
  DeadlineExceeded: {
    meaning: "The attempt ran out of time.",
    kept: kept.work,
    look: look.transcript,
    next: "Raise spec.agent.timeout, then run it again.",
  },
  ContextExceeded: {
    meaning: "The conversation no longer fits the model's context window.",
    kept: kept.work,
    look: look.transcript,
    next: "Make the prompt narrower, or choose a model with a larger window, then run it again.",
  },
  Refused: {
    meaning: "The model refused the request.",
    kept: kept.work,
    look: look.transcript,
    next: "Read the transcript, reword the prompt, then run it again.",
  },
  Stuck: {
    meaning: "The model repeated the same step without progress.",
    kept: kept.work,
    look: look.transcript,
    next: "Read the transcript, make the prompt more exact, then run it again.",
  },
  NotReported: {
    meaning: "The model stopped without reporting a result.",
    kept: kept.work,
    look: look.transcript,
    next: "Read the transcript, make the prompt more exact, then run it again.",
  },
  ApiUnavailable: {
    meaning: "The Claude API could not be reached or stayed overloaded.",
    kept: kept.work,
    look: look.agentLog,
    next: "Check the way out of the cluster (network policy, proxy) and the API's status page, then run it again.",
  },
  ApiRejected: {
    meaning: "The Claude API rejected the request.",
    kept: kept.work,
    look: look.changeset,
    next: "Check the key, the model's name and the account's limits; the message has the API's own words. Then run it again.",
  },
  PriceUnknown: {
    meaning: "The model is not in the price table, so a dollar limit cannot be kept.",
    kept: kept.unpaid,
    look: look.changeset,
    next: "Choose a model of the price table in spec.agent.model, or have the administrator put its price into the chart's limits.prices, then run it again.",
  },
  SecretMissing: {
    meaning: "A Secret that the attempt needs does not exist in the namespace.",
    kept: kept.unpaid,
    look: look.secrets,
    next: "Create the Secret that the message names, then run it again.",
  },
  KeyMissing: {
    meaning: "A Secret that the attempt needs lacks its key, or the key is empty.",
    kept: kept.unpaid,
    look: look.secrets,
    next: "Add the key that the message names to the Secret, then run it again.",
  },
  AppRejected: {
    meaning: "GitHub does not accept the id and key of the GitHub App in the read Secret, or they are none.",
    kept: kept.unpaid,
    look: look.secrets,
    next: "Correct what the message names in the Secret, then run it again.",
  },
  AppNotInstalled: {
    meaning: "The GitHub App in the read Secret is not installed on this repository, or is suspended there.",
    kept: kept.unpaid,
    look: look.secrets,
    next: "Have an owner install the App on the repository, or take the repository out; then run it again.",
  },
  RepositoryNotFound: {
    meaning: "The repository does not exist, or the read credential cannot see it.",
    kept: kept.unpaid,
    look: look.changeset,
    next: "Check the url and what the read token may see, then run it again.",
  },
  RepositoryForbidden: {
    meaning: "The server refused the read credential, or a GitHub App in its place lacks a permission.",
    kept: kept.unpaid,
    look: look.secrets,
    next: "Check that the read token has not expired and may read this repository, then run it again.",
  },
  BranchNotFound: {
    meaning: "The repository has no such branch.",
    kept: kept.unpaid,
    look: look.changeset,
    next: "Correct the branch in spec.repositories; the corrected entry is a new one and starts by itself.",
  },
  EmptyRepository: {
    meaning: "The repository has no commit yet.",
    kept: kept.unpaid,
    look: look.changeset,
    next: "Push a first commit and run it again, or take the repository out.",
  },
  RepositoryTooLarge: {
    meaning: "The repository is larger than the runner's volume or limits allow.",
    kept: kept.unpaid,
    look: look.changeset,
    next: "Ask the administrator for larger runner volumes, then run it again, or take the repository out.",
  },
  CloneFailed: {
    meaning: "The repository could not be cloned.",
    kept: kept.unpaid,
    look: look.changeset,
    next: "Read the message, which has git's own words, then run it again.",
  },
  UnsafePath: {
    meaning: "The repository holds a path that cannot be checked out safely.",
    kept: kept.unpaid,
    look: look.changeset,
    next: "Rename the path that the message names and run it again, or take the repository out.",
  },
  PatchTooLarge: {
    meaning: "The patch does not fit one ConfigMap.",
    kept: "The transcript and the cost; the patch is too large to be stored.",
    look: look.changeset,
    next: "Use spec.resultStorage.type PersistentVolumeClaim in a new BatchChange, or make the change smaller.",
  },
  PathDenied: {
    meaning: "The change touches a path that is denied by default, because it runs code or decides about reviews.",
    kept: kept.work,
    look: look.changeset,
    next: "If it should, name the path in spec.publish.allowPaths, else have the prompt leave it alone; then run it again.",
  },
  PatchRefused: {
    meaning: "The change holds something that no patch may hold, such as a symbolic link or a binary file, or it does not apply cleanly.",
    kept: kept.work,
    look: look.changeset,
    next: "Read the message, make the prompt exclude it, then run it again.",
  },
  SecretFound: {
    meaning: "The change or its report holds what looks like a secret, also after Claude was told.",
    kept: "The transcript and the cost; the patch too, unless it holds a secret of the pod itself.",
    look: look.changeset,
    next: "Read the message, let the prompt say where the value comes from instead of being written down, then run it again.",
  },
  HiddenCharacters: {
    meaning: "The change adds characters that are invisible or reorder text, so that it reads otherwise than it runs.",
    kept: kept.work,
    look: look.changeset,
    next: "Read the message, let the prompt leave them out or write them as escapes, then run it again.",
  },
  ChangeTooLarge: {
    meaning: "The change has more files, lines or bytes than anybody can review.",
    kept: kept.work,
    look: look.changeset,
    next: "Split the change into several BatchChanges with narrower prompts.",
  },
  CheckFailed: {
    meaning: "A required check fails with the change and passes without it, also after Claude was told.",
    kept: kept.work,
    look: look.transcript,
    next: "Read the check's output in the transcript; mend the prompt, or the check, then run it again.",
  },
  ToolboxUnavailable: {
    meaning: "The checks could not run: the toolbox did not start, lacks a program, filled a volume, or ended again and again.",
    kept: kept.work,
    look: look.pod,
    next: "Read the message; check spec.toolbox.image and spec.toolbox.resources, then run it again.",
  },
  ReviewRejected: {
    meaning: "The second opinion did not approve the change, also after Claude had answered its reasons once.",
    kept: kept.work,
    look: look.review,
    next: "Read the reasons in status.result.review beside the patch. Where they are right make the prompt more exact, then run it again; where they are wrong take the patch by hand, choose another spec.review.model, or take spec.review out.",
  },
  ReviewUnavailable: {
    meaning: "The model of the second opinion gave no verdict, so the change counts as not approved.",
    kept: kept.work,
    look: look.transcript,
    next: "Read the transcript; choose another spec.review.model or take spec.review out, then run it again.",
  },
  Interrupted: { meaning: "The attempt was interrupted.", kept: kept.work, look: look.attempts, next: "Run it again." },
  InternalError: {
    meaning: "The runner failed by a fault of its own.",
    kept: kept.work,
    look: look.agentLog,
    next: "Read the pod's log and report the fault, then run it again.",
  },
} as const satisfies Record<RunReason, Explanation>;
