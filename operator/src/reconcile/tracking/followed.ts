import type { ChangesetPhase, Followed, PullRequest, SeenPullRequest } from "@codybatch/crds";

/** What a look means for a Changeset. */
export interface FollowedUp {
  readonly phase: Extract<ChangesetPhase, "Open" | "Merged" | "Closed">;
  readonly pullRequest: PullRequest;
}

const phases = { open: "Open", merged: "Merged", closed: "Closed" } as const;

/** The phase and the pull request after a look; undefined: nothing new is known. What is gone is closed, and status keeps what was known of it. */
export function followedUp(before: PullRequest, followed: Followed): FollowedUp | undefined {
  if (followed.kind === "Seen") return { phase: phases[followed.state], pullRequest: seen(before, followed) };
  // A host that hides a merged pull request does not undo the merge.
  if (followed.kind !== "Gone" || before.state === "merged") return undefined;
  return { phase: "Closed", pullRequest: { ...before, state: "closed", gone: followed.what } };
}

function seen(before: PullRequest, { url, number, state, headSHA, createdAt, mergedAt, closedAt, ...rest }: SeenPullRequest): PullRequest {
  const { checks, review, draft, humanCommits } = rest;
  const known = before.headSHA === headSHA ? before.mergeable : undefined;
  const mergeable = rest.mergeable === "unknown" ? (known ?? "unknown") : rest.mergeable;
  const times = { createdAt, ...(mergedAt === undefined ? {} : { mergedAt }), ...(closedAt === undefined ? {} : { closedAt }) };
  return { url, number, state, draft, checks, review, mergeable, headSHA, humanCommits, ...times };
}
