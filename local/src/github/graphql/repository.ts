import { GraphQLError } from "graphql";
import { z } from "zod";
import { decide, roleFor } from "../access/visitor.ts";
import { isRefName } from "../git/bare.ts";
import { commitsBetween } from "../git/comparison.ts";
import { lookAt } from "../git/file.ts";
import { nodeId, timeText, webOf } from "../rest/view/links.ts";
import { gitOf } from "../site.ts";
import { mergeability } from "../state/mergeability.ts";
import type { Pull, Repository } from "../state/model.ts";
import { nameOf, pullOf } from "../state/store.ts";
import { opinions, reviewDecision } from "../state/verdict.ts";
import { missing } from "./asking.ts";
import type { Asking, Given } from "./asking.ts";
import { commitFields } from "./commit.ts";
import { connection, unresolved } from "./field.ts";
import type { Fields } from "./field.ts";
import { actorFields, userFields } from "./user.ts";

export function repositoryFields(asking: Asking, repository: Repository): Fields {
  const { visitor, site } = asking;
  return {
    __typename: "Repository",
    id: nodeId("R", repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: nameOf(repository),
    owner: () => userFields(asking, site.store.who(repository.owner)),
    url: webOf(asking.links, repository),
    isArchived: repository.archived,
    isFork: repository.fork,
    isPrivate: repository.private,
    isDisabled: false,
    defaultBranchRef: () => refFields(asking, repository, repository.defaultBranch),
    ref: (given: Given) => refFields(asking, repository, String(given["qualifiedName"]).replace(/^refs\/heads\//, "")),
    object: (given: Given) => objectFields(asking, repository, String(given["expression"])),
    viewerPermission: () =>
      visitor.kind === "token" && visitor.token.kind === "personal"
        ? (roleFor(visitor.token, repository, site.store)?.toUpperCase() ?? null)
        : null,
    pullRequest: (given: Given) => pullFields(asking, repository, pullNumbered(asking, repository, Number(given["number"]))),
    pullRequests: (given: Given) => pulls(asking, repository, given),
  };
}

function pullNumbered(asking: Asking, repository: Repository, number: number): Pull {
  mayRead("pull_requests", asking, repository);
  const found = pullOf(repository, number);
  if (found === undefined) throw missing(`Could not resolve to a PullRequest with the number of ${number}.`);
  return found;
}

function mayRead(permission: "contents" | "pull_requests", { visitor, site }: Asking, repository: Repository): void {
  if (decide(visitor, repository, { permission, level: "read" }, site.store) === "granted") return;
  const who = visitor.kind === "token" && visitor.token.kind === "personal" ? "personal access token" : "integration";
  throw new GraphQLError(`Resource not accessible by ${who}`, { extensions: { type: "FORBIDDEN" } });
}

/** What stands at a path of the default branch. */
async function objectFields(asking: Asking, repository: Repository, expression: string): Promise<Fields | null> {
  mayRead("contents", asking, repository);
  const path = /^HEAD:(.+)$/s.exec(expression)?.[1];
  if (path === undefined) throw unresolved("an object that is not HEAD:<path>");
  const bare = gitOf(asking.site, repository);
  const tip = isRefName(repository.defaultBranch) ? await bare.tip(`refs/heads/${repository.defaultBranch}`) : undefined;
  const found = tip === undefined ? undefined : await lookAt(bare, tip, path);
  if (found === undefined) return null;
  return "sha" in found ? { __typename: "Blob", oid: found.sha, byteSize: found.bytes } : { __typename: "Tree" };
}

function pulls(asking: Asking, repository: Repository, given: Given): Fields {
  mayRead("pull_requests", asking, repository);
  const states = z.array(z.string()).nullish().parse(given["states"]);
  const { headRefName: head, baseRefName: base } = given;
  const found = repository.pulls.filter(
    (pull) =>
      (states?.includes(stateOf(pull)) ?? true) && (head ?? pull.head.ref) === pull.head.ref && (base ?? pull.base.ref) === pull.base.ref,
  );
  return connection(
    "PullRequestConnection",
    found.map((pull) => pullFields(asking, repository, pull)),
    given,
  );
}

async function refFields(asking: Asking, repository: Repository, branch: string): Promise<Fields | null> {
  const sha = isRefName(branch) ? await gitOf(asking.site, repository).tip(`refs/heads/${branch}`) : undefined;
  if (sha === undefined) return null;
  return { __typename: "Ref", name: branch, prefix: "refs/heads/", target: () => commitFields(asking, repository, sha) };
}

function stateOf({ state, merged }: Pull): string {
  if (merged !== undefined) return "MERGED";
  return state.toUpperCase();
}

export function pullFields(asking: Asking, repository: Repository, pull: Pull): Fields {
  const { site, links } = asking;
  const time = (at: number | undefined): string | null => (at === undefined ? null : timeText(at));
  return {
    __typename: "PullRequest",
    id: nodeId("PR", pull.id),
    fullDatabaseId: String(pull.id),
    number: pull.number,
    title: pull.title,
    body: pull.body ?? "",
    url: `${webOf(links, repository)}/pull/${pull.number}`,
    state: stateOf(pull),
    isDraft: pull.draft,
    closed: pull.state === "closed",
    merged: pull.merged !== undefined,
    createdAt: time(pull.createdAt),
    updatedAt: time(pull.updatedAt),
    closedAt: time(pull.closedAt),
    mergedAt: time(pull.merged?.at),
    mergeCommit: () => (pull.merged === undefined ? null : commitFields(asking, repository, pull.merged.commit)),
    mergeable: async () => words[String(await mergeability(site, repository, pull))],
    reviewDecision: reviewDecision(repository, pull, site.store) ?? null,
    latestOpinionatedReviews: (given: Given) =>
      connection(
        "PullRequestReviewConnection",
        opinions(repository, pull, given["writersOnly"] === true ? site.store : undefined).map((state) => ({
          __typename: "PullRequestReview",
          state,
        })),
        given,
      ),
    headRefName: pull.head.ref,
    headRefOid: pull.head.sha,
    baseRefName: pull.base.ref,
    baseRefOid: pull.base.sha,
    author: () => actorFields(asking, site.store.who(pull.author)),
    repository: () => repositoryFields(asking, repository),
    labels: (given: Given) =>
      connection(
        "LabelConnection",
        pull.labels.map((name) => ({ __typename: "Label", name })),
        given,
      ),
    commits: (given: Given) => commits(asking, repository, pull, given),
  };
}

const words: Readonly<Record<string, string>> = { true: "MERGEABLE", false: "CONFLICTING", undefined: "UNKNOWN" };

async function commits(asking: Asking, repository: Repository, pull: Pull, given: Given): Promise<Fields> {
  const list = await commitsBetween(gitOf(asking.site, repository), pull.base.sha, pull.head.sha);
  const nodes = list.map((sha) => ({ __typename: "PullRequestCommit", commit: () => commitFields(asking, repository, sha) }));
  return connection("PullRequestCommitConnection", nodes, given);
}
