import type { Condition, ConditionType, Reason } from "@codybatch/crds";

/** A condition before it knows since when it holds. */
export interface Finding {
  readonly type: ConditionType;
  readonly status: "True" | "False";
  readonly reason: Reason;
  readonly message: string;
  /** Shown only once it has been True: most batches never see it. */
  readonly rare?: boolean;
}

/** Longest message that the schema takes. */
export const longestMessage = 1024;

/** Conditions with their times: lastTransitionTime changes only with status. */
export function conditionsOf(findings: readonly Finding[], before: readonly Condition[], generation: number, now: Date): Condition[] {
  return findings.flatMap(({ rare = false, ...finding }) => {
    const known = before.find(({ type }) => type === finding.type);
    if (rare && known === undefined && finding.status === "False") return [];
    const lastTransitionTime = known?.status === finding.status ? known.lastTransitionTime : now.toISOString();
    return [{ ...finding, message: truncate(finding.message, longestMessage), lastTransitionTime, observedGeneration: generation }];
  });
}

/** Cuts a text to so many characters, the last of them an ellipsis, and never within a surrogate pair. */
export function truncate(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
