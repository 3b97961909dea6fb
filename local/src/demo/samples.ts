import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Author and date are fixed, so that each repository has the same commit everywhere. */
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

/** The file:// URL of each folder `owner/name` below `samples`, as a bare git repository in `target`, by `owner/name`. */
export function sampleURLs(samples: string, target: string): Readonly<Record<string, string>> {
  return Object.fromEntries(namesIn(samples).map((name) => [name, pathToFileURL(placeOf(target, name)).href]));
}

/** Makes these repositories; gives the same URLs. Existing ones stay. */
export function makeRepositories(samples: string, target: string, searchPath: string): Readonly<Record<string, string>> {
  for (const name of namesIn(samples)) makeRepository(join(samples, name), placeOf(target, name), searchPath);
  return sampleURLs(samples, target);
}

function namesIn(samples: string): readonly string[] {
  return readdirSync(samples)
    .flatMap((owner) => readdirSync(join(samples, owner)).map((name) => `${owner}/${name}`))
    .toSorted();
}

function placeOf(target: string, name: string): string {
  return join(target, `${name}.git`);
}

function makeRepository(source: string, bare: string, searchPath: string): void {
  if (existsSync(bare)) return;
  mkdirSync(join(bare, ".."), { recursive: true });
  const work = mkdtempSync(`${bare}.new-`);
  const git = (...args: readonly string[]): void =>
    void execFileSync("git", args, { cwd: work, env: { ...identity, PATH: searchPath }, stdio: ["ignore", "ignore", "pipe"] });
  cpSync(source, work, { recursive: true });
  git("init", "--quiet", "--initial-branch=main", "--template=");
  git("add", "--all", "--force");
  git("commit", "--quiet", "--message=Import");
  git("clone", "--quiet", "--bare", "--no-local", "--template=", ".", ".bare");
  renameSync(join(work, ".bare"), bare);
  rmSync(work, { recursive: true });
}
