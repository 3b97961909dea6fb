import { conditionExplanations } from "./reasons/condition.ts";
import type { Explanation } from "./reasons/explanation.ts";
import { hostExplanations } from "./reasons/host.ts";
import { infrastructureExplanations } from "./reasons/infrastructure.ts";
import { phaseExplanations } from "./reasons/phase.ts";
import { publishExplanations } from "./reasons/publish.ts";
import { runExplanations } from "./reasons/run.ts";
import { waitingExplanations } from "./reasons/waiting.ts";

/** Every condition type that a BatchChange or Changeset can show. */
export const conditionTypes = [
  "Accepted",
  "Discovered",
  "Progressing",
  "Complete",
  "BudgetNearlySpent",
  "BudgetExceeded",
  "QuotaNearlySpent",
  "QuotaExceeded",
  "PriceUnknown",
  "StorageFull",
  "Approved",
  "CanaryFailed",
  "PlainHTTP",
  "TrackingFailed",
  "SharedCredential",
] as const;
export type ConditionType = (typeof conditionTypes)[number];

/** Every reason that status, conditions and Events use, with its meaning and the next step. */
export const reasons = {
  ...runExplanations,
  ...infrastructureExplanations,
  ...waitingExplanations,
  ...hostExplanations,
  ...publishExplanations,
  ...phaseExplanations,
  ...conditionExplanations,
} satisfies Record<string, Explanation>;
export type Reason = keyof typeof reasons;

/** Reasons that name a wait: the Changeset goes on by itself once the cause is gone. */
export type WaitingReason = keyof typeof waitingExplanations;
/** Reasons that a fault of the cluster caused, not the agent. */
export type InfrastructureReason = keyof typeof infrastructureExplanations;

/** Whether a text from a status is one of our reasons. */
export function isReason(text: string): text is Reason {
  return Object.hasOwn(reasons, text);
}

/** Whether the cluster is to be mended, not the batch. */
export function isInfrastructureReason(text: string): text is InfrastructureReason {
  return Object.hasOwn(infrastructureExplanations, text);
}

/** "meaning next", for a message that ends in the next step. */
export function explain(reason: Reason): string {
  const { meaning, next } = reasons[reason];
  return `${meaning} ${next}`;
}
