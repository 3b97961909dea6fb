import type { Reason } from "@codybatch/crds";
import type { BatchView } from "./batch-status.ts";
import { budgetExceeded, budgetNearlySpent } from "./budget-findings.ts";
import type { Finding } from "./conditions.ts";
import { isDiscovered } from "./discover/answer.ts";
import { discoveredFindings, isGivenUp } from "./discover/finding.ts";
import { retryFailedCommand } from "./messages.ts";
import { isCancelledEarly, isComplete, type Counts } from "./phases.ts";
import { quotaExceeded, quotaNearlySpent } from "./quota/findings.ts";
import { isPriceUnknown } from "./spend.ts";
import { trackingFailed } from "./tracking/finding.ts";

/** What the conditions of a BatchChange say, one function each. */
export function findingsOf(view: BatchView, counts: Counts): readonly Finding[] {
  return [
    accepted(view),
    ...discoveredFindings(view),
    progressing(view, counts),
    complete(view, counts),
    budgetNearlySpent(view),
    budgetExceeded(view),
    quotaNearlySpent(view, counts),
    quotaExceeded(view, counts),
    priceUnknown(view),
    storageFull(view),
    canaryFailed(view),
    plainHTTP(view),
    trackingFailed(view),
    sharedCredential(view),
  ];
}

function accepted({ refusal }: BatchView): Finding {
  if (refusal === undefined) return { type: "Accepted", status: "True", reason: "Valid", message: "The BatchChange can be carried out." };
  return { type: "Accepted", status: "False", ...refusal };
}

function progressing(view: BatchView, counts: Counts): Finding {
  const { refusal, observed } = view;
  const { batch } = observed;
  const say = (status: Finding["status"], reason: Reason): Finding => ({ type: "Progressing", status, reason, message: summary(counts) });
  if (isComplete(counts) || isCancelledEarly(batch, counts)) return say("False", "Finished");
  if (refusal !== undefined) return say("False", "NotAccepted");
  if (!isDiscovered(batch, observed)) return isGivenUp(view) ? say("False", "SearchGivenUp") : say("True", "Discovering");
  if (batch.spec.suspend && counts.Running === 0) return say("False", "Suspended");
  if (counts.Running + counts.Publishing > 0) return say("True", "InProgress");
  return say("True", "Waiting");
}

function complete({ observed: { batch } }: BatchView, counts: Counts): Finding {
  const good = counts.NoChange + counts.Ready + counts.Open + counts.Merged;
  const say = (status: Finding["status"], reason: Reason, next = ""): Finding => ({
    type: "Complete",
    status,
    reason,
    message: `${summary(counts)}${next}`,
  });
  if (isCancelledEarly(batch, counts)) return say("True", "SomeCancelled");
  if (!isComplete(counts)) return say("False", "InProgress");
  if (counts.Failed === 0) return say("True", counts.Cancelled > 0 ? "SomeCancelled" : "AllSucceeded");
  // Cancel is final, so nothing runs again.
  const next = batch.spec.cancel ? "" : `. Mend the cause, then run all failed ones again: ${retryFailedCommand(batch)}`;
  return say("True", good > 0 ? "SomeFailed" : "AllFailed", next);
}

/** Such as "2 ready, 1 failed, 3 pending"; what is zero is left out. */
function summary(counts: Counts): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  const words = (phase: string): string => phase.replaceAll(/(?!^)[A-Z]/g, " $&").toLowerCase();
  return parts.length === 0 ? "no repository yet" : parts.map(([phase, count]) => `${count} ${words(phase)}`).join(", ");
}

function priceUnknown({ statuses }: BatchView): Finding {
  const unknown = statuses.some(({ status }) => status?.usage !== undefined && isPriceUnknown(status.usage));
  if (unknown)
    return {
      type: "PriceUnknown",
      status: "True",
      reason: "PriceUnknown",
      message: "Tokens were used at a price that is not in the price table, so the cost is not shown.",
    };
  return { type: "PriceUnknown", status: "False", reason: "PricesKnown", message: "Every request so far had a known price.", rare: true };
}

function storageFull({ storageFull: full, observed: { limits } }: BatchView): Finding {
  if (!full) return { type: "StorageFull", status: "False", reason: "StorageAvailable", message: "There is room for results.", rare: true };
  const message = `Stored results have reached the limit of ${limits.maxTotalMiB} MiB, so nothing new starts. Delete finished BatchChanges, shorten spec.resultStorage.retain, or use a PersistentVolumeClaim.`;
  return { type: "StorageFull", status: "True", reason: "StorageLimitReached", message };
}

function canaryFailed({ observed: { batch }, canary, statuses }: BatchView): Finding {
  if (canary.state !== "Failed") {
    return { type: "CanaryFailed", status: "False", reason: "CanariesGood", message: "No first repository has failed.", rare: true };
  }
  const bad = statuses.filter(
    ({ work, status }) =>
      canary.canaries.includes(work.changeset.metadata.name) && (status?.phase === "Failed" || status?.phase === "Cancelled"),
  );
  const names = bad.map(({ work }) => work.changeset.spec.repository.name).join(", ");
  return {
    type: "CanaryFailed",
    status: "True",
    reason: "CanaryNotGood",
    message: `${names} did not end well, so the rest wait. Mend the cause, then retry: ${retryFailedCommand(batch)} Or go on without: set spec.rollout.canary to 0.`,
  };
}

function plainHTTP({ entries, observed: { batch } }: BatchView): Finding {
  const repositories = [...(batch.spec.repositories ?? []), ...entries.map(({ repository }) => repository)];
  const plain = repositories.find(({ url }) => url.startsWith("http://"));
  const finding = { type: "PlainHTTP", reason: "PlainHTTPUsed" } as const;
  if (plain === undefined) return { ...finding, status: "False", message: "Every repository is read with encryption.", rare: true };
  return { ...finding, status: "True", message: `${plain.url} is read over http, without encryption.` };
}

function sharedCredential({ observed: { batch } }: BatchView): Finding {
  const { githubReadSecret: read, githubWriteSecret: write } = batch.spec.credentials;
  const finding = { type: "SharedCredential", reason: "SecretShared" } as const;
  if (read !== write) return { ...finding, status: "False", message: "Reading and writing have Secrets of their own.", rare: true };
  const message = `The Secret ${read} serves reading and writing. A token in it is held by every clone, search and look at pull requests, which then could push as well; only a GitHub App is narrowed to its task. Use two Secrets.`;
  return { ...finding, status: "True", message };
}
