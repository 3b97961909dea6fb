import type { Publishing, PublishRefusal } from "@codybatch/crds";
import type { Observed } from "../observed.ts";
import { after } from "../pods.ts";

/** What is mended in a Secret or in rights at the host, which nobody watches: it is tried again by itself. */
const waitable: readonly PublishRefusal[] = [
  "CredentialMissing",
  "CredentialRejected",
  "SigningKeyUnusable",
  "PermissionMissing",
  "WorkflowPermissionMissing",
];

/** Whether a refusal may pass without a change of the batch. */
export function isWaitable(reason: PublishRefusal): boolean {
  return waitable.includes(reason);
}

type Failure = Pick<Publishing, "failures" | "failingSince" | "until">;

/** Counts one more publish Job that came to nothing. Without `until` it is given up. */
export function afterFailure(
  before: Publishing | undefined,
  subject: string,
  { settings, now }: Pick<Observed, "settings" | "now">,
): Failure {
  const { publishRetry, publishRetryMost, publishGiveUp } = settings.timings;
  const known = before?.digest === subject ? before : undefined;
  const failures = (known?.failures ?? 0) + 1;
  const failingSince = known?.failingSince ?? now.toISOString();
  const wait = Math.min(publishRetry * 2 ** (failures - 1), publishRetryMost);
  if (after(failingSince, publishGiveUp) <= now) return { failures, failingSince };
  return { failures, failingSince, until: after(now.toISOString(), wait).toISOString() };
}
