import type { ChangesetPhase, PullRequest, Reason } from "@codybatch/crds";

/** What a pull request makes of its Changeset. */
export interface PullRequestStanding {
  readonly phase: Extract<ChangesetPhase, "Open" | "Merged" | "Closed">;
  readonly reason: Reason;
  readonly message: string;
}

/** Phase, reason and message of a Changeset that has a pull request. */
export function pullRequestStanding(pullRequest: PullRequest): PullRequestStanding {
  const { url, state, gone, humanCommits } = pullRequest;
  if (state === "merged") {
    const touched = humanCommits === true ? " Somebody had committed to its branch, too." : "";
    return { phase: "Merged", reason: "PullRequestMerged", message: `${url} is merged.${touched}` };
  }
  if (gone !== undefined) {
    const what = gone === "repository" ? "repository" : "pull request";
    const message = `The host does not show the ${what} of ${url} any more: it was deleted, or the read credential may not see it now.`;
    return { phase: "Closed", reason: "PullRequestGone", message };
  }
  if (state === "closed") return { phase: "Closed", reason: "PullRequestClosed", message: `${url} was closed without a merge.` };
  return { phase: "Open", reason: "PullRequestOpen", message: openMessage(pullRequest) };
}

const reviews: Readonly<Record<string, string>> = {
  approved: "review approved",
  changes_requested: "changes requested",
  required: "review required",
  none: "no review",
};

function openMessage({ url, checks, review, mergeable, draft, humanCommits }: PullRequest): string {
  const parts = [
    draft === true ? "draft" : undefined,
    checks === undefined ? undefined : checks === "none" ? "no checks" : `checks ${checks}`,
    review === undefined ? undefined : (reviews[review] ?? review),
    mergeable === "conflicting" ? "conflicts with its base" : undefined,
    humanCommits === true ? "somebody has committed to its branch" : undefined,
  ].filter((part) => part !== undefined);
  return `${url} is open${parts.length === 0 ? "" : `: ${parts.join(", ")}`}. Review and merge it there.`;
}
