import type { TrackOutcome } from "@codybatch/crds";
import type { Log } from "../log.ts";
import { GitHubFault } from "./fault.ts";

/** How a Job that looks at GitHub ends when it cannot go on. */
export type Failed = Exclude<TrackOutcome, { readonly kind: "Tracked" }>;

interface Circumstances {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The Job's time is over, or its pod was asked to end. */
  readonly late: boolean;
  readonly timeoutSeconds: number;
  readonly log: Log;
}

/** Longest message of a result. */
const longest = 1024;

/** A minute, for a host that gives no time: GitHub's own advice. */
const unsaidMs = 60_000;

/** What a fault means for the whole Job: what a person must mend, what the host asks for, or what may be tried again as it is. */
export function failedBy(error: unknown, { now, late, timeoutSeconds, log }: Circumstances): Failed {
  if (error instanceof GitHubFault) return named(error, now);
  if (late) {
    const message = `The look at GitHub was interrupted, or did not end within ${timeoutSeconds} s. It is made anew at the next run.`;
    return { kind: "Unavailable", message };
  }
  log.error({ err: error }, "a fault of our own");
  return { kind: "Unavailable", message: "The look at GitHub failed by a fault of our own; the log of the container has it." };
}

function named({ kind, message: words, until }: GitHubFault, now: number): Failed {
  const message = words.slice(0, longest);
  if (kind === "RateLimited") return { kind, until: new Date(until ?? now + unsaidMs).toISOString(), message };
  if (kind === "CredentialRejected" || kind === "PermissionMissing") return { kind: "Refused", reason: kind, message };
  return { kind: "Unavailable", message };
}
