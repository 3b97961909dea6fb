import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** Author and dates are fixed, so that the same files are the same commit everywhere. */
const identity = {
  GIT_AUTHOR_NAME: "Acme",
  GIT_AUTHOR_EMAIL: "acme@example.com",
  GIT_AUTHOR_DATE: "2026-01-05T09:00:00Z",
  GIT_COMMITTER_NAME: "Acme",
  GIT_COMMITTER_EMAIL: "acme@example.com",
  GIT_COMMITTER_DATE: "2026-01-05T09:00:00Z",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

/** Runs git with a fixed identity and no settings of the machine; gives what it prints. */
export function git(cwd: string, args: readonly string[], stdin: Uint8Array = new Uint8Array()): string {
  const env = { ...identity, PATH: process.env["PATH"] };
  return execFileSync("git", args, { cwd, env, encoding: "utf8", input: stdin, stdio: "pipe" }).trim();
}

/** Makes the repository `owner/name` of one commit below the folder; gives its file:// URL. */
export function makeRepository(dir: string, name: string, files: Readonly<Record<string, string>>): string {
  const work = join(dir, `${name}.git`);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), content);
  }
  git(work, ["init", "--quiet", "--initial-branch=main", "--template="]);
  git(work, ["add", "--all", "--force"]);
  git(work, ["commit", "--quiet", "--message=Import"]);
  return pathToFileURL(work).href;
}
