import type { PublishOutcome } from "@codybatch/crds";
import { Refusal } from "../clone/refusal.ts";
import { GitError } from "../git/index.ts";
import { Answered, RateLimited, Unavailable } from "../github/fault.ts";
import type { Log } from "../log.ts";
import type { Redactor } from "../redact/index.ts";
import { refusalOf, Refused } from "./fault.ts";

interface Circumstances {
  readonly redact: Redactor;
  readonly interrupted: boolean;
  readonly timeoutSeconds: number;
  readonly log: Log;
}

/** Longest message that a Changeset's status takes. */
const longestMessage = 1024;

/** How a fault ends the Job: what a person must mend, what the host asks for, or what may be tried again as it is. */
export function endedBy(thrown: unknown, { redact, interrupted, timeoutSeconds, log }: Circumstances): PublishOutcome {
  const error = refusalOf(thrown);
  const words = (text: string): string => redact(text).slice(0, longestMessage);
  if (error instanceof Refused) {
    const { reason, pullRequest } = error;
    return { kind: "Refused", reason, message: words(error.message), ...(pullRequest === undefined ? {} : { pullRequest }) };
  }
  if (error instanceof RateLimited) {
    return { kind: "RateLimited", until: new Date(error.until).toISOString(), message: words(error.message) };
  }
  if (interrupted)
    return {
      kind: "Unavailable",
      message: `Publishing was interrupted, or did not end within ${timeoutSeconds} s. It goes on where it was when it runs again.`,
    };
  if (error instanceof Unavailable || error instanceof Answered || error instanceof GitError || error instanceof Refusal) {
    return { kind: "Unavailable", message: words(`${error.message}. It goes on where it was when it runs again.`) };
  }
  log.error({ err: error }, "a fault of our own");
  return { kind: "Unavailable", message: "Publishing failed by a fault of our own; the log of the container publish has it." };
}
