import { readCommit } from "../git/commit.ts";
import { timeText } from "../rest/view/links.ts";
import { gitOf } from "../site.ts";
import type { Repository } from "../state/model.ts";
import { rollup } from "../state/verdict.ts";
import { verificationOf } from "../state/verification.ts";
import type { Asking, Given } from "./asking.ts";
import { connection } from "./field.ts";
import type { Fields } from "./field.ts";
import { userByEmail } from "./user.ts";

export async function commitFields(asking: Asking, repository: Repository, sha: string): Promise<Fields> {
  const commit = await readCommit(gitOf(asking.site, repository), sha);
  const person = ({ name, email, at }: typeof commit.author): object => ({
    __typename: "GitActor",
    name,
    email,
    date: timeText(at),
    user: () => userByEmail(asking, email),
  });
  const authors = [person(commit.author)];
  return {
    __typename: "Commit",
    oid: sha,
    message: commit.message,
    committedDate: timeText(commit.committer.at),
    author: person(commit.author),
    committer: person(commit.committer),
    authors: (given: Given) => connection("GitActorConnection", authors, given),
    parents: (given: Given) =>
      connection(
        "CommitConnection",
        commit.parents.map((parent) => ({ __typename: "Commit", oid: parent })),
        given,
      ),
    signature: () => signatureFields(verificationOf(commit, asking.site.store)),
    statusCheckRollup: () => rollupFields(repository, sha),
  };
}

function signatureFields({ verified, reason }: ReturnType<typeof verificationOf>): Fields | null {
  return reason === "unsigned" ? null : { __typename: "SshSignature", isValid: verified, state: reason.toUpperCase() };
}

function rollupFields(repository: Repository, sha: string): Fields | null {
  const state = rollup(repository, sha);
  if (state === undefined) return null;
  const runs = repository.checks.filter((run) => run.sha === sha);
  const contexts = [
    ...runs.map((run) => ({
      __typename: "CheckRun",
      databaseId: run.id,
      name: run.name,
      status: run.status.toUpperCase(),
      conclusion: run.conclusion?.toUpperCase() ?? null,
    })),
    ...repository.statuses
      .filter((status) => status.sha === sha)
      .map(({ context, state: told }) => ({ __typename: "StatusContext", context, state: told.toUpperCase() })),
  ];
  return {
    __typename: "StatusCheckRollup",
    state,
    contexts: (given: Given) => connection("StatusCheckRollupContextConnection", contexts, given),
  };
}
