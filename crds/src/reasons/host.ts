import type { Explanation } from "./explanation.ts";
import { kept } from "./kept.ts";
import { look } from "./look.ts";

/** What a git host said, or did not say, to a Job that searches, publishes or follows pull requests. */
export const hostExplanations = {
  CredentialMissing: {
    meaning: "The Secret with the credential for the git host does not exist, or lacks its key.",
    kept: kept.stored,
    look: look.secrets,
    next: "Make the Secret that the message names; it is tried again by itself.",
  },
  CredentialRejected: {
    meaning: "The git host does not accept the credential: it is wrong, expired or revoked.",
    kept: kept.stored,
    look: look.secrets,
    next: "Renew it in the Secret that the message names; it is tried again by itself.",
  },
  PermissionMissing: {
    meaning: "The credential lacks a permission at the git host.",
    kept: kept.stored,
    look: look.secrets,
    next: "Give it what the message names; it is tried again by itself.",
  },
  RateLimited: {
    meaning: "The git host has asked to wait before the next request.",
    kept: kept.stored,
    look: look.batch,
    next: "Wait; it goes on by itself at the time that the message or status names.",
  },
  HostUnavailable: {
    meaning: "The git host could not be reached, or did not answer as GitHub does.",
    kept: kept.stored,
    look: look.batch,
    next: "Wait; it is tried again by itself. If it stays so, check the way out of the cluster and the address of the host's API.",
  },
  JobLost: {
    meaning: "The Job that was to ask the git host ended and told nothing.",
    kept: kept.stored,
    look: look.taskJobs,
    next: "Nothing: another one follows by itself. If that happens again and again, read the log of its pod.",
  },
} as const satisfies Record<string, Explanation>;
