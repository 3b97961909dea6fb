import type { RunReason } from "@codybatch/crds";
import type { Accepted } from "./report.ts";

/** How a session ended: a reason, and what a person should know and do. */
export interface Ending {
  readonly reason: RunReason;
  readonly message: string;
  readonly accepted?: Accepted;
}

export const interrupted: Ending = { reason: "Interrupted", message: "The run was asked to end before a report." };

export const deadlinePassed: Ending = {
  reason: "DeadlineExceeded",
  message: "The run's time ended before a report. Raise spec.agent.timeout.",
};

export const contextExceeded: Ending = {
  reason: "ContextExceeded",
  message: "The conversation no longer fits into the model's context. Narrow the prompt or split the change.",
};

export const notReported: Ending = {
  reason: "NotReported",
  message: "The model ended without a report, also after being asked for it. Run again or make the prompt clearer.",
};

export function reported(accepted: Accepted): Ending {
  return { reason: "Reported", message: accepted.report.summary, accepted };
}

export function stuck(why: string): Ending {
  return { reason: "Stuck", message: `The model went in circles: ${why} Make the prompt clearer.` };
}

export function cutOffTooOften(count: number): Ending {
  return { reason: "Stuck", message: `${count} answers in a row were cut off at their longest length. Narrow the prompt.` };
}

export function refused(details: string | undefined): Ending {
  const why = details === undefined || details === "" ? "" : ` (${details.slice(0, 300)})`;
  return { reason: "Refused", message: `The model refused the task${why}. Word the prompt differently or use another model.` };
}
