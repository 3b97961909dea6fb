import type { Bare } from "./bare.ts";
import { git, run } from "./command.ts";
import type { Person } from "./commit.ts";

/** The tree of both sides put together, or undefined where they conflict. */
export async function mergedTree(bare: Bare, base: string, head: string): Promise<string | undefined> {
  const { code, stdout, stderr } = await run(bare.dir, ["merge-tree", "--write-tree", base, head]);
  if (code > 1) throw new Error(`git merge-tree failed: ${stderr.trim()}`);
  return code === 0 ? stdout.toString("utf8").split("\n")[0] : undefined;
}

interface Sealed {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly by: Person;
  /** Milliseconds. */
  readonly at: number;
}

/** Writes a commit of a tree that is there; no branch moves. */
export async function seal(bare: Bare, { tree, parents, message, by, at }: Sealed): Promise<string> {
  const date = `@${Math.floor(at / 1000)} +0000`;
  const env = {
    GIT_AUTHOR_NAME: by.name,
    GIT_AUTHOR_EMAIL: by.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: by.name,
    GIT_COMMITTER_EMAIL: by.email,
    GIT_COMMITTER_DATE: date,
  };
  const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent]), "-F", "-"];
  return git(bare.dir, args, { env, input: message });
}
