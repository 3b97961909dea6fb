import type { Pull, Repository } from "./model.ts";
import { roles } from "./model.ts";
import type { Store } from "./store.ts";

/** The newest opinion of each reviewer; with `store` of those only who may push. */
export function opinions(repository: Repository, pull: Pull, store: Store | undefined): readonly string[] {
  const latest = new Map(pull.reviews.filter(({ state }) => state !== "COMMENTED").map(({ user, state }) => [user, state]));
  return [...latest].filter(([user]) => store === undefined || mayPush(user, repository, store)).map(([, state]) => state);
}

function mayPush(user: string, repository: Repository, store: Store): boolean {
  const role = store.roleOf(user, repository);
  return role !== undefined && roles.indexOf(role) >= roles.indexOf("write");
}

/** What the reviews of those who may push amount to. GitHub decides nothing where no review is demanded, whatever was said. */
export function reviewDecision(repository: Repository, pull: Pull, store: Store): string | undefined {
  if (repository.requiredReviews === 0) return undefined;
  const counted = opinions(repository, pull, store);
  if (counted.includes("CHANGES_REQUESTED")) return "CHANGES_REQUESTED";
  return counted.filter((state) => state === "APPROVED").length >= repository.requiredReviews ? "APPROVED" : "REVIEW_REQUIRED";
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
