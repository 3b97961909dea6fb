import type { Changeset } from "@codybatch/crds";
import type { Github, GithubScenario } from "@codybatch/local";
import type { LocalMode } from "../local-mode/index.ts";
import type { Batch } from "./batch.ts";
import { obey } from "./obey.ts";

const read = { contents: "read", pull_requests: "read", checks: "read", statuses: "read", actions: "read" } as const;
const write = { contents: "write", pull_requests: "write" } as const;

/** Local mode, or another place that has a stand-in for GitHub. */
interface At {
  readonly github: Github;
}

/** An organization with these repositories, where `cody` may push and `ann` decides. The first word of a name is its topic; one that ends in `closed` wants no changes. */
export function acme(...names: readonly string[]): GithubScenario {
  const collaborators = { cody: "write", ann: "maintain" } as const;
  const branches = { release: { "RELEASE.md": "release\n" } };
  return {
    users: [{ login: "ann" }, { login: "cody" }],
    organizations: [{ login: "acme" }],
    repositories: names.map((name) => ({
      name: `acme/${name}`,
      collaborators,
      branches,
      topics: [name.split("-")[0] ?? ""],
      files: filesOf(name),
    })),
    tokens: [
      { name: "read", token: "stand-in-read", user: "cody", permissions: read },
      { name: "write", token: "stand-in-write", user: "cody", permissions: write },
    ],
  };
}

export function urlsOf({ github }: At, ...names: readonly string[]): readonly string[] {
  return names.map((name) => `${github.url}/acme/${name}`);
}

/** Waits for the patch and does what the message says about approving it. */
export async function approve(local: LocalMode, batch: Batch, repository: string): Promise<Changeset> {
  const { status, ...changeset } = await batch.ends(repository, "AwaitingApproval", "ApprovalNeeded");
  await obey(local, status.message);
  return { ...changeset, status };
}

/** What became of each ref that was pushed there. */
export function pushesTo({ github }: At, repository: string): readonly object[] {
  return github.pushes
    .filter((push) => push.repository === repository)
    .map(({ ref, token, forced, refused }) => ({ ref, token, forced, refused }));
}

function filesOf(name: string): Readonly<Record<string, string>> {
  const readme = { "README.md": `${name}\n` };
  return name.endsWith("-closed") ? { ...readme, ".codybatchignore": "" } : readme;
}
