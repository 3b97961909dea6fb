import type { TrackOutcome } from "@codybatch/crds";
import type { Log } from "../log.ts";
import { Answered, CredentialRejected, RateLimited, Unavailable } from "./fault.ts";

/** How a Job that looks at GitHub ends when it cannot go on. */
export type Failed = Exclude<TrackOutcome, { readonly kind: "Tracked" }>;

interface Circumstances {
  /** That was asked. */
  readonly host: string;
  /** The Job's time is over, or its pod was asked to end. */
  readonly late: boolean;
  readonly timeoutSeconds: number;
  readonly log: Log;
}

/** Longest message of a result. */
const longest = 1024;

/** What a fault means for the whole Job: what a person must mend, what the host asks for, or what may be tried again as it is. */
export function failedBy(error: unknown, { host, late, timeoutSeconds, log }: Circumstances): Failed {
  const failed = named(error, host);
  if (failed !== undefined) return { ...failed, message: failed.message.slice(0, longest) };
  if (late) {
    const message = `The look at GitHub was interrupted, or did not end within ${timeoutSeconds} s. It is made anew at the next run.`;
    return { kind: "Unavailable", message };
  }
  log.error({ err: error }, "a fault of our own");
  return { kind: "Unavailable", message: "The look at GitHub failed by a fault of our own; the log of the container has it." };
}

function named(error: unknown, host: string): Failed | undefined {
  if (error instanceof RateLimited) return { kind: "RateLimited", until: new Date(error.until).toISOString(), message: error.message };
  if (error instanceof Unavailable) return { kind: "Unavailable", message: `${error.message}. It is asked again at the next run.` };
  if (error instanceof CredentialRejected) return { kind: "Refused", reason: "CredentialRejected", message: rejected(host) };
  if (!(error instanceof Answered)) return undefined;
  if (error.status === 403) return { kind: "Refused", reason: "PermissionMissing", message: forbidden(host, error.message) };
  return { kind: "Unavailable", message: unlike(host, error) };
}

function rejected(host: string): string {
  return `${host} does not accept the read credential: it is wrong, expired or revoked. Renew it in the Secret that spec.credentials.githubReadSecret names.`;
}

function forbidden(host: string, words: string): string {
  return `${host} refuses the read credential: ${words}. Give it what that names, at least metadata, contents and pull_requests to read.`;
}

function unlike(host: string, { status, message }: Answered): string {
  return `${host} answers ${status} (${message.slice(0, 200)}), as GitHub's API does not. Check the address of the API.`;
}
