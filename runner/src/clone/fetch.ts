import type { GitOptions } from "../git/index.ts";
import { ensureExactBytes, git } from "../git/index.ts";
import type { Reference } from "./reference.ts";
import { tooLarge, watchGrowth } from "./size.ts";

/** The fetched commit stands here, whatever the branch is called. */
const baseReference = "refs/codybatch/base";

const lookEveryMs = 250;

/** Makes an empty git directory that keeps every byte and knows no hook, template or remote. */
export async function initialise(gitDir: string, reference: Reference, options: GitOptions): Promise<void> {
  await git(["init", "--quiet", "--bare", "--template=", `--object-format=${reference.objectFormat}`, gitDir], options);
  await git(["config", "core.bare", "false"], { ...options, gitDir });
  await ensureExactBytes(gitDir);
}

export interface FetchLimits {
  readonly maxBytes: number;
}

/** Fetches one commit without history and tags; returns its id. Throws Refusal when it grows too large, or GitError. */
export async function fetchBase(url: string, reference: Reference, limits: FetchLimits, options: GitOptions): Promise<string> {
  const gitDir = options.gitDir ?? "";
  const growth = new AbortController();
  using _ = watchGrowth(gitDir, limits.maxBytes, lookEveryMs, () => growth.abort());
  const flags = ["--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--force"];
  try {
    const signal = growth.signal;
    await git(["fetch", ...flags, "--", url, `${reference.name}:${baseReference}`], { ...options, signal });
  } catch (error) {
    if (growth.signal.aborted) throw tooLarge(url, limits.maxBytes);
    throw error;
  }
  await git(["update-ref", "--no-deref", "HEAD", baseReference], options);
  return await resolve("HEAD^{commit}", options);
}

/** Id of an object by any name that git understands. */
export async function resolve(name: string, options: GitOptions): Promise<string> {
  return (await git(["rev-parse", "--verify", "--quiet", name], options)).stdout.toString("latin1").trim();
}

/** Writes the commit's files to the work tree and the index beside the git directory. */
export async function checkOut(commit: string, options: GitOptions): Promise<void> {
  await git(["read-tree", "--reset", "-u", commit], options);
}
