import { join } from "node:path";
import { initialise } from "../../clone/fetch.ts";
import { git, GitError } from "../../git/index.ts";
import type { Transport } from "./transport.ts";

const aDaySeconds = 86_400;

export interface Asked {
  readonly commit: string;
  /** Seconds since 1970. */
  readonly committedAt: number;
  readonly branch: string;
  /** The branch's end. */
  readonly tip: string;
}

/** Whether a commit still lies on a branch. A rewritten branch would bring its whole old history into the pull request. */
export async function isOnBranch(transport: Transport, asked: Asked): Promise<boolean> {
  if (asked.tip === asked.commit) return true;
  const since = new Date((asked.committedAt - aDaySeconds) * 1000).toISOString();
  // Dates of commits can lie, so only a yes is believed of a part of the history.
  return (await reaches(transport, asked, "recent", [`--shallow-since=${since}`])) || (await reaches(transport, asked, "whole", []));
}

/** Fetches commits alone, without trees or files, into a git directory of their own. */
async function reaches(transport: Transport, { commit, tip, branch }: Asked, name: string, depth: readonly string[]): Promise<boolean> {
  const { home, objects } = transport.local;
  const gitDir = join(objects, `${name}.git`);
  await initialise(gitDir, { name: "", branch: "", objectFormat: commit.length === 64 ? "sha256" : "sha1" }, transport.local);
  const flags = ["--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--filter=tree:0", ...depth];
  try {
    await transport.speak(
      "repeatable",
      async (options) =>
        await git(["fetch", ...flags, "--", transport.url, `refs/heads/${branch}:refs/codybatch/base`], { ...options, gitDir }),
    );
  } catch (error) {
    // So it says when all of the branch is older.
    if (error instanceof GitError && depth.length > 0) return false;
    throw error;
  }
  const local = { ...transport.local, gitDir, cwd: home, env: { ...transport.local.env, GIT_NO_LAZY_FETCH: "1" } };
  const known = await git(["rev-list", "refs/codybatch/base"], local);
  return tip !== "" && known.stdout.toString("latin1").split("\n").includes(commit);
}
