import type { SeenPullRequest, TrackedPullRequest } from "@codybatch/crds";
import { mergeableWord, type Standing } from "./query.ts";

/** What is said of a pull request in our words; whose commits there are is asked apart. */
export function seenOf({ changeset }: TrackedPullRequest, standing: Standing): Omit<SeenPullRequest, "humanCommits"> {
  const { url, number, state, isDraft, createdAt, closedAt, mergedAt, headRefOid, mergeable } = standing;
  return {
    changeset,
    kind: "Seen",
    url,
    number,
    state: states[state],
    draft: isDraft,
    checks: checksOf(standing),
    review: reviewOf(standing),
    mergeable: mergeableWord(mergeable),
    headSHA: headRefOid,
    createdAt,
    ...(closedAt == null ? {} : { closedAt }),
    ...(mergedAt == null ? {} : { mergedAt }),
  };
}

const states = { OPEN: "open", CLOSED: "closed", MERGED: "merged" } as const;

const rollups: ReadonlyMap<string, SeenPullRequest["checks"]> = new Map([
  ["SUCCESS", "passing"],
  ["FAILURE", "failing"],
  ["ERROR", "failing"],
  ["PENDING", "pending"],
  ["EXPECTED", "pending"],
]);

/** A word that GitHub makes anew one day counts as pending: nobody is told that all is well. */
function checksOf({ newest }: Standing): SeenPullRequest["checks"] {
  const rollup = newest?.nodes?.at(-1)?.commit.statusCheckRollup;
  return rollup == null ? "none" : (rollups.get(rollup.state) ?? "pending");
}

const decisions: ReadonlyMap<string, SeenPullRequest["review"]> = new Map([
  ["APPROVED", "approved"],
  ["CHANGES_REQUESTED", "changes_requested"],
  ["REVIEW_REQUIRED", "required"],
]);

/** GitHub decides nothing where the branch demands no review, whatever reviewers said: then the newest of each of them count. */
function reviewOf({ reviewDecision, reviews }: Standing): SeenPullRequest["review"] {
  if (reviewDecision != null) return decisions.get(reviewDecision) ?? "required";
  const states = (reviews?.nodes ?? []).map((node) => node?.state);
  if (states.includes("CHANGES_REQUESTED")) return "changes_requested";
  return states.includes("APPROVED") ? "approved" : "none";
}

/** Whether a commit's last paragraph has the trailer of this Changeset. */
export function isOurs(message: string, trailer: string): boolean {
  const lines =
    message
      .trimEnd()
      .split(/\n\s*\n/)
      .at(-1)
      ?.split("\n") ?? [];
  return lines.some((line) => line.trim().toLowerCase() === `cody-batch: ${trailer}`.toLowerCase());
}
