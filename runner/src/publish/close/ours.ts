import { z } from "zod";
import { isOurs, trailerIn } from "../branch/commit.ts";
import { Refused } from "../fault.ts";
import { published } from "../host/pull.ts";
import type { Closing } from "./close.ts";
import { type OurPull, placeOf } from "./pull.ts";
import { refusal } from "./refusal.ts";

const Who = z.object({ email: z.string().default("") }).nullish();
const Commit = z.object({ commit: z.object({ message: z.string(), author: Who, committer: Who }) });

/** Throws {@link Refused} for a pull request of another branch, and for one that somebody else has worked on: it is theirs as well. */
export async function requireOurs({ host, input }: Closing, pull: OurPull): Promise<void> {
  const { head, base, number } = pull;
  const told = { pullRequest: published(pull) };
  if (head.ref !== input.branch || head.repo?.full_name !== base.repo.full_name) {
    const words = `Pull request ${number} of ${base.repo.full_name} is of the branch ${head.ref}, not of ${input.branch} there, and is left alone.`;
    throw new Refused("PullRequestRefused", words, told);
  }
  if (head.sha === input.known?.headSHA) return;
  const asked = { ...placeOf(pull), ref: head.sha, per_page: 1 };
  const { commit } = await host
    .ask(Commit, "repeatable", (octokit) => octokit.rest.repos.getCommit(asked))
    .catch(refusal("looked into", pull));
  const tip = {
    sha: head.sha,
    authorEmail: commit.author?.email ?? "",
    committerEmail: commit.committer?.email ?? "",
    trailer: trailerIn(commit.message),
  };
  if (isOurs(tip, input)) return;
  const words = `The branch ${input.branch} of ${base.repo.full_name} ends in a commit by somebody else (${head.sha.slice(0, 12)}), so pull request ${number} is left open. Close it by hand if nobody needs it.`;
  throw new Refused("HumanCommits", words, told);
}
