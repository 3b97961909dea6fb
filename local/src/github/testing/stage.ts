import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { Octokit } from "@octokit/rest";
import { startGithub } from "../github.ts";
import type { Github } from "../github.ts";
import type { ScenarioInput } from "../scenario/scenario.ts";

const everything = { contents: "write", pull_requests: "write", checks: "read", statuses: "read", actions: "read" } as const;

/** One organization with a team, four people, and tokens that read, write, and write workflows, too. */
export const acme = {
  users: [{ login: "ann" }, { login: "bob" }, { login: "cody", name: "Cody", email: "cody@acme.invalid" }, { login: "mallory" }],
  organizations: [{ login: "acme", teams: [{ slug: "platform", members: ["ann"] }] }],
  repositories: [
    {
      name: "acme/api",
      description: "The API",
      topics: ["service"],
      collaborators: { cody: "write", bob: "write", "acme/platform": "write" },
      files: { "README.md": "api\n", ".nvmrc": "20\n", ".github/workflows/ci.yml": "on: push\n" },
    },
    { name: "acme/vault", private: true, collaborators: { cody: "read" }, files: { "README.md": "vault\n" } },
    { name: "acme/hidden", private: true, files: { "README.md": "hidden\n" } },
  ],
  tokens: [
    { name: "read", token: "ghp_read0000", user: "cody", permissions: { contents: "read", pull_requests: "read" } },
    { name: "write", token: "ghp_write000", user: "cody", permissions: everything },
    { name: "workflows", token: "ghp_workflow", user: "cody", permissions: { ...everything, workflows: "write" } },
    { name: "foreign", token: "ghp_foreign0", user: "mallory", permissions: everything },
  ],
} satisfies ScenarioInput;

/** The client would print every refusal. */
export const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A running stand-in, and who talks to it. */
export interface Stage extends AsyncDisposable {
  readonly github: Github;
  /** A client with the token of that name; without one nobody. */
  octokit(token?: string): Octokit;
  /** Real git in a folder of its own; a push or a fetch uses the named token. Rejects with what git said. */
  git(args: readonly string[], token?: string): Promise<string>;
  /** The address of a repository for git. */
  remote(name: string): string;
}

/** Starts one for a test; when the test is over, whatever the stand-in did that GitHub could not have done fails it. */
export async function stage(more: Partial<ScenarioInput> = {}, now?: () => number): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), "codybatch-github-"));
  const log = { info: () => undefined, warn: () => undefined };
  const scenario = { ...acme, ...more };
  await layDown(scenario, dir);
  const github = await startGithub({ scenario, dir, log, ...(now === undefined ? {} : { now }) });
  await keepCopy(scenario, dir);
  const textOf = (token: string): string => github.token(token)!.text;
  const octokit = (token?: string): Octokit => {
    return new Octokit({ baseUrl: github.apiURL, log: silent, ...(token === undefined ? {} : { auth: textOf(token) }) });
  };
  const work = join(dir, "work");
  let made: Promise<unknown> | undefined;
  return {
    github,
    octokit,
    remote: (name) => `${github.url}/${name}`,
    git: async (args, token) => {
      made ??= promisify(execFile)("git", ["init", "--quiet", "--initial-branch=main", work], { env: environment });
      await made;
      const header = token === undefined ? [] : ["-c", `http.extraHeader=Authorization: Basic ${basic(textOf(token))}`];
      const { stdout } = await promisify(execFile)("git", [...header, ...args], { cwd: work, env: environment });
      return stdout.trim();
    },
    [Symbol.asyncDispose]: async () => {
      await github.close();
      await rm(dir, { recursive: true });
      if (github.mistakes.length > 0) throw new Error(`the stand-in for GitHub was wrong: ${github.mistakes.join("; ")}`);
    },
  };
}

/** A file below a folder, or a folder without bytes. */
interface Copied {
  readonly path: string;
  readonly bytes: Buffer | undefined;
}

/** Repositories of scenarios that were started before: nine processes of git are most of a start. */
const copies = new Map<string, Promise<readonly Copied[]>>();

const keyOf = ({ repositories }: ScenarioInput): string =>
  JSON.stringify(repositories.map(({ name, defaultBranch, files, branches, from }) => [name, defaultBranch, files, branches, from]));

/** The stand-in takes repositories that lie there for those of an earlier run. */
async function layDown(scenario: ScenarioInput, dir: string): Promise<void> {
  const copied = (await copies.get(keyOf(scenario))) ?? [];
  for (const { path, bytes } of copied) {
    if (bytes === undefined) await mkdir(join(dir, "git", path), { recursive: true });
    else await writeFile(join(dir, "git", path), bytes);
  }
}

/** Nothing may be changed in them before this settles. */
async function keepCopy(scenario: ScenarioInput, dir: string): Promise<void> {
  const key = keyOf(scenario);
  const copy = copies.get(key) ?? copyOf(join(dir, "git"));
  copies.set(key, copy);
  await copy;
}

/** Folders come before what is in them. */
async function copyOf(root: string): Promise<readonly Copied[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => ({ path: join(entry.parentPath, entry.name), isFile: entry.isFile() }));
  const sorted = paths.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  return await Promise.all(
    sorted.map(async ({ path, isFile }) => ({ path: relative(root, path), bytes: isFile ? await readFile(path) : undefined })),
  );
}

function basic(token: string): string {
  return Buffer.from(`x-access-token:${token}`).toString("base64");
}

const environment = {
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_AUTHOR_NAME: "Cody",
  GIT_AUTHOR_EMAIL: "cody@acme.invalid",
  GIT_COMMITTER_NAME: "Cody",
  GIT_COMMITTER_EMAIL: "cody@acme.invalid",
};
