import type { GitOptions } from "../git/index.ts";
import { git, GitError } from "../git/index.ts";
import { Refusal } from "./refusal.ts";

export interface Reference {
  /** Full name, such as `refs/heads/main`, or HEAD when that is on no branch. */
  readonly name: string;
  /** The branch without `refs/heads/`. */
  readonly branch: string;
  readonly objectFormat: "sha1" | "sha256";
}

/** Finds the branch at the remote; `HEAD` is the default branch. Throws {@link Refusal} or GitError. */
export async function findReference(url: string, branch: string, options: GitOptions): Promise<Reference> {
  const { stdout } = await git(["ls-remote", "--symref", "--", url, "HEAD", `refs/heads/${branch}`], options);
  const { ids, target } = parse(stdout.toString("utf8"));
  const name = branch === "HEAD" ? (target ?? "HEAD") : `refs/heads/${branch}`;
  const id = ids.get(name) ?? (branch === "HEAD" ? ids.get("HEAD") : undefined);
  if (id !== undefined) return { name, branch: short(name), objectFormat: id.length === 64 ? "sha256" : "sha1" };
  if (await isEmpty(url, options)) throw new Refusal("EmptyRepository", `${url} has no commit yet. Push a first commit, then retry.`);
  const others = target === undefined ? "" : ` The default branch is "${short(target)}".`;
  throw new Refusal("BranchNotFound", `${url} has no branch "${branch === "HEAD" ? short(target ?? "HEAD") : branch}".${others}`);
}

/** Lines `ref: <target> TAB HEAD` and `<object> TAB <name>`. */
function parse(output: string): { readonly ids: ReadonlyMap<string, string>; readonly target: string | undefined } {
  const rows = output.split("\n").map((row) => row.split("\t"));
  const target = rows.find(([first, name]) => name === "HEAD" && first?.startsWith("ref: "))?.[0]?.slice(5);
  return {
    ids: new Map(rows.flatMap(([id, name]) => (id === undefined || name === undefined || id.startsWith("ref: ") ? [] : [[name, id]]))),
    target,
  };
}

async function isEmpty(url: string, options: GitOptions): Promise<boolean> {
  try {
    const { stdout } = await git(["ls-remote", "--heads", "--", url], { ...options, maxBytes: 1024 * 1024 });
    return stdout.length === 0;
  } catch (error) {
    if (error instanceof GitError && error.fault === "output") return false;
    throw error;
  }
}

function short(name: string): string {
  return name.replace(/^refs\/heads\//, "");
}
