import type { GithubScenario } from "@codybatch/local";
import type { LocalMode } from "../local-mode/index.ts";

const read = { contents: "read", pull_requests: "read", checks: "read", statuses: "read", actions: "read" } as const;
const write = { contents: "write", pull_requests: "write" } as const;

/** An organization with these repositories, of which `cody` may push and `ann` decides. */
export function acme(...names: readonly string[]): GithubScenario {
  const collaborators = { cody: "write", ann: "maintain" } as const;
  return {
    users: [{ login: "ann" }, { login: "cody" }],
    organizations: [{ login: "acme" }],
    repositories: names.map((name) => ({ name: `acme/${name}`, collaborators, files: { "README.md": `${name}\n` } })),
    tokens: [
      { name: "read", token: "stand-in-read", user: "cody", permissions: read },
      { name: "write", token: "stand-in-write", user: "cody", permissions: write },
    ],
  };
}

export function urlsOf({ github }: LocalMode, ...names: readonly string[]): readonly string[] {
  return names.map((name) => `${github.url}/acme/${name}`);
}
