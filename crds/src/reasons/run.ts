import type { RunReason } from "../run/result.ts";
import type { Explanation } from "./explanation.ts";

/** Why a run ended, as the agent or the clone said it. */
export const runExplanations = {
  Reported: { meaning: "Claude reported its result.", next: "Read the summary and the patch." },
  TurnsExhausted: {
    meaning: "The attempt used all its turns; the work so far is kept.",
    next: "Raise spec.agent.maxTurns, then run it again.",
  },
  TokensExhausted: {
    meaning: "The attempt used all its tokens; the work so far is kept.",
    next: "Raise spec.agent.maxTokens, then run it again.",
  },
  BudgetExhausted: {
    meaning: "The next request could have passed the attempt's dollar limit; the work so far is kept.",
    next: "Raise spec.agent.maxCostUSD, then run it again.",
  },
  DeadlineExceeded: {
    meaning: "The attempt ran out of time; the work so far is kept.",
    next: "Raise spec.agent.timeout, then run it again.",
  },
  ContextExceeded: {
    meaning: "The conversation no longer fits the model's context window; the work so far is kept.",
    next: "Make the prompt narrower, or choose a model with a larger window.",
  },
  Refused: { meaning: "The model refused the request.", next: "Read the transcript and reword the prompt." },
  Stuck: {
    meaning: "The model repeated the same step without progress; the work so far is kept.",
    next: "Read the transcript and make the prompt more exact.",
  },
  NotReported: {
    meaning: "The model stopped without reporting a result; the work so far is kept.",
    next: "Read the transcript, make the prompt more exact, and run it again.",
  },
  ApiUnavailable: {
    meaning: "The Claude API could not be reached or stayed overloaded; the work so far is kept.",
    next: "Check the network and the API's status, then run it again.",
  },
  ApiRejected: {
    meaning: "The Claude API rejected the request.",
    next: "Check the key, the model's name and the account's limits; the message has the API's own words.",
  },
  PriceUnknown: {
    meaning: "The model is not in the price table, so a dollar limit cannot be kept.",
    next: "Choose a model of the price table in spec.agent.model.",
  },
  SecretMissing: {
    meaning: "A Secret that the attempt needs does not exist in the namespace.",
    next: "Create the Secret that the message names, then run it again.",
  },
  KeyMissing: {
    meaning: "A Secret that the attempt needs lacks its key, or the key is empty.",
    next: "Add the key that the message names to the Secret, then run it again.",
  },
  RepositoryNotFound: {
    meaning: "The repository does not exist, or the read credential cannot see it.",
    next: "Check the url and the read token's access.",
  },
  RepositoryForbidden: {
    meaning: "The server refused the read credential.",
    next: "Check that the read token is valid and may read this repository.",
  },
  BranchNotFound: { meaning: "The repository has no such branch.", next: "Correct the branch in spec.repositories." },
  EmptyRepository: { meaning: "The repository has no commit yet.", next: "Push a first commit, or take the repository out." },
  RepositoryTooLarge: {
    meaning: "The repository is larger than the runner's volume or limits allow.",
    next: "Ask the administrator for larger runner volumes, or take the repository out.",
  },
  CloneFailed: { meaning: "The repository could not be cloned.", next: "Read the message, which has git's own words, then run it again." },
  UnsafePath: {
    meaning: "The repository holds a path that cannot be checked out safely.",
    next: "Rename the path that the message names, or take the repository out.",
  },
  PatchTooLarge: {
    meaning: "The patch does not fit one ConfigMap.",
    next: "Use spec.resultStorage.type PersistentVolumeClaim in a new BatchChange, or make the change smaller.",
  },
  PathDenied: {
    meaning: "The change touches a path that is denied by default.",
    next: "If it should, name the path in spec.publish.allowPaths, then run it again.",
  },
  PatchRefused: {
    meaning: "The change holds something that no patch may hold, such as a secret or a symbolic link.",
    next: "Read the message, make the prompt exclude it, and run it again.",
  },
  Interrupted: { meaning: "The attempt was interrupted; the work so far is kept.", next: "Run it again." },
  InternalError: {
    meaning: "The runner failed by a fault of its own.",
    next: "Read the pod's log and report the fault, then run it again.",
  },
} as const satisfies Record<RunReason, Explanation>;
