import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { patchDigest } from "@codybatch/crds";
import type { PublishInput } from "@codybatch/crds";
import { z } from "zod";

/** The one file that is added; nothing of the repository itself is touched. */
const file = "cody-batch-smoke.txt";

const Base = z.object({ commit: z.string(), branch: z.string() });

export interface Change {
  readonly patch: PublishInput["patch"];
  /** The base branch by its name. */
  readonly branch: string;
  readonly zipped: Uint8Array;
}

/** A patch of one line on what `clone` has laid in its git folder. */
export function makeChange(gitDir: string, line: string): Change {
  const { commit, branch } = Base.parse(JSON.parse(readFileSync(join(gitDir, "base.json"), "utf8")));
  const git = (args: readonly string[], input = ""): string => gitIn(gitDir, args, input);
  git(["read-tree", commit]);
  const blob = git(["hash-object", "-w", "--stdin"], `${line}\n`).trim();
  git(["update-index", "--add", "--cacheinfo", `100644,${blob},${file}`]);
  const tree = git(["write-tree"]).trim();
  const patch = Buffer.from(git(["diff", "--cached", "--full-index", "--text", "--no-ext-diff", commit]));
  return { patch: { digest: patchDigest(commit, patch), baseCommit: commit, tree }, branch, zipped: gzipSync(patch) };
}

function gitIn(gitDir: string, args: readonly string[], input: string): string {
  const own = { GIT_DIR: join(gitDir, "repo.git"), GIT_INDEX_FILE: join(gitDir, "smoke.index") };
  const plain = { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", HOME: gitDir, PATH: process.env["PATH"] };
  return execFileSync("git", args, { env: { ...plain, ...own }, input, encoding: "utf8", stdio: ["pipe", "pipe", "inherit"] });
}
