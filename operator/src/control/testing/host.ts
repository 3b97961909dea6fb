import type { Followed, PublishResult, SeenPullRequest, TrackResult } from "@codybatch/crds";
import type { Bench } from "./bench.ts";

const at = "2026-11-21T10:00:00.000Z";
const pull = { url: "https://github.com/acme/api/pull/1", number: 1, createdAt: at } as const;

/** A publish Job has pushed this commit, and its pull request is open. */
export function publishedAs(commit: string): PublishResult {
  return {
    version: 1,
    task: "publish",
    outcome: { kind: "Published", commit, branch: "codybatch/node-24", pullRequest: { ...pull, headSHA: commit, state: "open" } },
    warnings: [],
    requests: { api: 5, git: 5 },
    startedAt: at,
    finishedAt: at,
  };
}

/** A track Job has seen so the pull request of the only Changeset. */
export async function lookOf(
  bench: Bench,
  found: Pick<SeenPullRequest, "headSHA" | "state"> & Partial<SeenPullRequest>,
): Promise<TrackResult> {
  const [changeset] = await bench.changesets();
  const judged = { draft: false, checks: "passing", review: "approved", mergeable: "unknown", humanCommits: false } as const;
  const end = found.state === "open" ? {} : { closedAt: at, mergedAt: at };
  const seen: Followed = { ...pull, ...judged, ...end, ...found, kind: "Seen", changeset: changeset!.metadata.name };
  // Later than any publish Job, whose own word would count otherwise.
  const startedAt = new Date(Date.now() + 60_000).toISOString();
  const outcome = { kind: "Tracked" } as const;
  return { version: 1, task: "track", outcome, pullRequests: [seen], requests: 1, startedAt, finishedAt: new Date().toISOString() };
}
