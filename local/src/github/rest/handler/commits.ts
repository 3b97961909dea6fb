import { isRefName } from "../../git/bare.ts";
import { changedFiles, emptyTree } from "../../git/comparison.ts";
import type { ChangedFile } from "../../git/comparison.ts";
import { readCommit } from "../../git/commit.ts";
import type { Commit } from "../../git/commit.ts";
import { Refusal } from "../../refusal.ts";
import { gitOf } from "../../site.ts";
import { verificationOf } from "../../state/verification.ts";
import { textOf } from "../context.ts";
import type { InRepository, Reply } from "../context.ts";
import { simpleUser } from "../view/account.ts";
import { apiOf, nodeId, timeText, webOf } from "../view/links.ts";

/** The commit that the path names. Throws GitHub's 422. */
export async function commitIn(context: InRepository): Promise<string> {
  const ref = textOf(context, "ref");
  const sha = isRefName(ref) ? await gitOf(context.site, context.repository).commitOf(ref) : undefined;
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${ref}`);
  return sha;
}

export async function getCommit(context: InRepository): Promise<Reply> {
  const bare = gitOf(context.site, context.repository);
  const commit = await readCommit(bare, await commitIn(context));
  const files = await changedFiles(bare, commit.parents[0] ?? emptyTree, commit.sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  const stats = { additions, deletions, total: additions + deletions };
  return { status: 200, body: { ...commitBody(context, commit), stats, files: files.map((file) => fileBody(context, file, commit.sha)) } };
}

function commitBody(context: InRepository, commit: Commit): object {
  const { links, repository, site } = context;
  const { sha, tree, parents, author, committer, message } = commit;
  const api = apiOf(links, repository);
  const date = ({ name, email, at }: Commit["author"]): object => ({ name, email, date: timeText(at) });
  return {
    sha,
    node_id: nodeId("C", repository.id),
    url: `${api}/commits/${sha}`,
    html_url: `${webOf(links, repository)}/commit/${sha}`,
    comments_url: `${api}/commits/${sha}/comments`,
    commit: {
      author: date(author),
      committer: date(committer),
      message: message.replace(/\n$/, ""),
      tree: { sha: tree, url: `${api}/git/trees/${tree}` },
      url: `${api}/git/commits/${sha}`,
      comment_count: 0,
      verification: verificationOf(commit, site.store),
    },
    author: userOf(context, author.email),
    committer: userOf(context, committer.email),
    parents: parents.map((one) => ({ sha: one, url: `${api}/commits/${one}`, html_url: `${webOf(links, repository)}/commit/${one}` })),
  };
}

function userOf({ links, site }: InRepository, email: string): object | null {
  const account = site.store.world.accounts.find((one) => one.email === email && one.kind !== "Organization");
  return account === undefined ? null : simpleUser(links, account);
}

function fileBody({ links, repository }: InRepository, file: ChangedFile, sha: string): object {
  const web = webOf(links, repository);
  const path = encodeURI(file.path);
  return {
    sha: file.blob,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${web}/blob/${sha}/${path}`,
    raw_url: `${web}/raw/${sha}/${path}`,
    contents_url: `${apiOf(links, repository)}/contents/${path}?ref=${sha}`,
  };
}
