import type { Pull, Repository } from "./model.ts";
import { roles } from "./model.ts";
import type { Store } from "./store.ts";

/** What the reviews of those who may push amount to; undefined where none is asked for and none was given. */
export function reviewDecision(repository: Repository, pull: Pull, store: Store): string | undefined {
  const latest = new Map(pull.reviews.filter(({ state }) => state !== "COMMENTED").map(({ user, state }) => [user, state]));
  const counted = [...latest].filter(([user]) => {
    const role = store.roleOf(user, repository);
    return role !== undefined && roles.indexOf(role) >= roles.indexOf("write");
  });
  if (counted.some(([, state]) => state === "CHANGES_REQUESTED")) return "CHANGES_REQUESTED";
  if (counted.length > 0 && counted.length >= repository.requiredReviews) return "APPROVED";
  return repository.requiredReviews > 0 ? "REVIEW_REQUIRED" : undefined;
}

/** One word for all checks and statuses of a commit; undefined where there are none. */
export function rollup({ checks, statuses }: Repository, sha: string): "ERROR" | "FAILURE" | "PENDING" | "SUCCESS" | undefined {
  const latest = new Map(statuses.filter((one) => one.sha === sha).map((one) => [one.context, one.state]));
  const newest = new Map(checks.filter((one) => one.sha === sha).map((one) => [one.name, one]));
  const runs = [...newest.values()].map(({ status, conclusion }) => (status === "completed" ? word(conclusion) : "pending"));
  const all = [...latest.values(), ...runs];
  if (all.length === 0) return undefined;
  if (all.includes("error")) return "ERROR";
  if (all.includes("failure")) return "FAILURE";
  return all.includes("pending") ? "PENDING" : "SUCCESS";
}

function word(conclusion: string | undefined): "success" | "failure" {
  return conclusion === "success" || conclusion === "neutral" || conclusion === "skipped" ? "success" : "failure";
}
