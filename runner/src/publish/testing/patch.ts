import { plainGit, temporary, writeFiles } from "../../git/testing/repository.ts";

/** A change as the agent leaves it, and what is recorded of it. */
export interface MadePatch {
  readonly baseCommit: string;
  readonly patch: Buffer;
  readonly tree: string;
}

type Files = Readonly<Record<string, string>>;

/** The same files on the same commit always give the same patch, and most tests ask for the same. */
const made = new Map<string, MadePatch>();

/** Writes files on top of a branch of a bare repository. */
export function patchOf(origin: string, from: string, files: Files): MadePatch {
  const baseCommit = plainGit(origin, "rev-parse", "--verify", `refs/heads/${from}`);
  const key = JSON.stringify([baseCommit, files]);
  const patch = made.get(key) ?? makePatch(origin, baseCommit, files);
  made.set(key, patch);
  return patch;
}

function makePatch(origin: string, baseCommit: string, files: Files): MadePatch {
  using work = temporary("codybatch-patch-");
  const { path } = work;
  plainGit(path, "clone", "--quiet", "--no-checkout", origin, ".");
  // As the agent's clone has it: bytes as they are, whatever the repository's own attributes say.
  writeFiles(path, { ".git/info/attributes": "* -text -ident !filter !working-tree-encoding !diff !eol !crlf\n" });
  plainGit(path, "checkout", "--quiet", "--detach", baseCommit);
  writeFiles(path, files);
  plainGit(path, "add", "--all");
  const patch = Buffer.from(`${plainGit(path, "diff", "--cached", "--full-index", "--text")}\n`);
  return { baseCommit, patch, tree: plainGit(path, "write-tree") };
}
