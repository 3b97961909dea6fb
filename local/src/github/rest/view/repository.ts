import type { Account, Repository } from "../../state/model.ts";
import { nameOf } from "../../state/store.ts";
import { simpleUser } from "./account.ts";
import { apiOf, nodeId, timeText, webOf } from "./links.ts";
import type { Links } from "./links.ts";

export interface Permissions {
  readonly admin: boolean;
  readonly maintain: boolean;
  readonly push: boolean;
  readonly triage: boolean;
  readonly pull: boolean;
}

/** Links of a repository that end with the same word, and those that take a parameter. */
const plain = ["contributors", "deployments", "downloads", "events", "forks", "hooks", "languages", "merges", "stargazers", "subscribers"];
const more = ["subscription", "tags", "teams"];
const templates: Readonly<Record<string, string>> = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  statuses_url: "/statuses/{sha}",
  trees_url: "/git/trees{/sha}",
};

/** `minimal-repository`. */
export function minimalRepository(links: Links, repository: Repository, owner: Account): object {
  const url = apiOf(links, repository);
  return {
    id: repository.id,
    node_id: nodeId("R", repository.id),
    name: repository.name,
    full_name: nameOf(repository),
    owner: simpleUser(links, owner),
    private: repository.private,
    html_url: webOf(links, repository),
    description: repository.description ?? null,
    fork: repository.fork,
    url,
    ...Object.fromEntries([...plain, ...more].map((word) => [`${word}_url`, `${url}/${word}`])),
    ...Object.fromEntries(Object.entries(templates).map(([name, template]) => [name, `${url}${template}`])),
  };
}

/** `repository`, and `repo-search-result-item` but for its score. */
export function wholeRepository(links: Links, repository: Repository, owner: Account): object {
  const web = webOf(links, repository);
  const open = repository.pulls.filter(({ state }) => state === "open").length;
  return {
    ...minimalRepository(links, repository, owner),
    ...counts(open),
    clone_url: `${web}.git`,
    git_url: web.replace(/^https?:/, "git:"),
    ssh_url: `git@${new URL(web).host}:${nameOf(repository)}.git`,
    svn_url: web,
    mirror_url: null,
    homepage: null,
    language: repository.language ?? null,
    topics: repository.topics,
    license: null,
    default_branch: repository.defaultBranch,
    visibility: repository.private ? "private" : "public",
    archived: repository.archived,
    disabled: false,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    created_at: timeText(repository.createdAt),
    updated_at: timeText(repository.pushedAt),
    pushed_at: timeText(repository.pushedAt),
  };
}

function counts(open: number): object {
  return {
    forks: 0,
    forks_count: 0,
    open_issues: open,
    open_issues_count: open,
    size: 1,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
  };
}

/** `full-repository`. */
export function fullRepository(links: Links, repository: Repository, owner: Account, permissions: Permissions | undefined): object {
  return {
    ...wholeRepository(links, repository, owner),
    has_discussions: false,
    network_count: 0,
    subscribers_count: 0,
    ...(permissions === undefined ? {} : { permissions }),
  };
}
