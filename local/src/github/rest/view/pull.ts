import type { Label, Pull, Repository } from "../../state/model.ts";
import type { Store } from "../../state/store.ts";
import { simpleTeam, simpleUser } from "./account.ts";
import { apiOf, nodeId, timeText, webOf } from "./links.ts";
import type { Links } from "./links.ts";
import { wholeRepository } from "./repository.ts";

/** What a view needs to know beside the thing itself. */
export interface Scene {
  readonly links: Links;
  readonly store: Store;
  readonly repository: Repository;
}

/** `pull-request-simple`: as in lists. */
export function simplePull(scene: Scene, pull: Pull): object {
  const { links, store, repository } = scene;
  const { id, number, head } = pull;
  return {
    ...addresses(links, repository, number, head.sha),
    id,
    node_id: nodeId("PR", id),
    number,
    state: pull.state,
    locked: false,
    title: pull.title,
    body: pull.body ?? null,
    user: simpleUser(links, store.who(pull.author)),
    // GitHub's description knows no label without a description here, though GitHub may answer null.
    labels: pull.labels.map((name) => ({ ...label(scene, name), description: "" })),
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: pull.reviewers.map((login) => simpleUser(links, store.who(login))),
    // In a list each is a `team`.
    requested_teams: teams(scene, pull).map((team) => ({ ...team, parent: null })),
    draft: pull.draft,
    auto_merge: null,
    author_association: "COLLABORATOR",
    ...times(pull),
    merge_commit_sha: pull.merged?.commit ?? null,
    head: side(scene, pull.head),
    base: side(scene, pull.base),
  };
}

function addresses(links: Links, repository: Repository, number: number, sha: string): object {
  const api = apiOf(links, repository);
  const url = `${api}/pulls/${number}`;
  const html = `${webOf(links, repository)}/pull/${number}`;
  const issue = `${api}/issues/${number}`;
  const all = {
    comments: `${issue}/comments`,
    commits: `${url}/commits`,
    statuses: `${api}/statuses/${sha}`,
    review_comments: `${url}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
  };
  const linked = Object.entries({ ...all, self: url, html, issue }).map(([name, href]) => [name, { href }]);
  return {
    url,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    ...Object.fromEntries(Object.entries(all).map(([name, address]) => [`${name}_url`, address])),
    _links: Object.fromEntries(linked),
  };
}

function times({ createdAt, updatedAt, closedAt, merged }: Pull): object {
  return {
    created_at: timeText(createdAt),
    updated_at: timeText(updatedAt),
    closed_at: closedAt === undefined ? null : timeText(closedAt),
    merged_at: merged === undefined ? null : timeText(merged.at),
  };
}

function side({ links, store, repository }: Scene, { ref, sha }: Pull["head"]): object {
  const owner = store.who(repository.owner);
  const user = simpleUser(links, owner);
  return { label: `${repository.owner}:${ref}`, ref, sha, user, repo: wholeRepository(links, repository, owner) };
}

/** `label`, and the same within a pull request. */
export function label({ links, repository }: Scene, name: string): object {
  const found: Label | undefined = repository.labels.find((one) => one.name === name);
  const { id = 0, color = "ededed" } = found ?? {};
  const url = `${apiOf(links, repository)}/labels/${encodeURIComponent(name)}`;
  return { id, node_id: nodeId("LA", id), url, name, color, default: false, description: null };
}

/** `team-simple` of the teams that are asked for a review. */
function teams({ links, store, repository }: Scene, { teamReviewers }: Pull): readonly object[] {
  return teamReviewers.flatMap((slug) => store.team(repository.owner, slug) ?? []).map((team) => simpleTeam(links, team));
}

/** What only the answer about one pull request has. `mergeable` is null while GitHub works it out. */
export interface Sum {
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
  readonly mergeable: boolean | null;
}

/** `pull-request`. */
export function wholePull(scene: Scene, pull: Pull, sum: Sum): object {
  const { merged } = pull;
  return {
    ...simplePull(scene, pull),
    requested_teams: teams(scene, pull),
    user: simpleUser(scene.links, scene.store.who(pull.author)),
    merged: merged !== undefined,
    merged_by: merged === undefined ? null : simpleUser(scene.links, scene.store.who(merged.by)),
    mergeable: sum.mergeable,
    mergeable_state: stateOf(sum.mergeable, pull.draft),
    comments: pull.comments.length,
    review_comments: 0,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: sum.commits,
    additions: sum.additions,
    deletions: sum.deletions,
    changed_files: sum.changedFiles,
  };
}

function stateOf(mergeable: boolean | null, draft: boolean): string {
  if (mergeable === null) return "unknown";
  if (!mergeable) return "dirty";
  return draft ? "draft" : "clean";
}
