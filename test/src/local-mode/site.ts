import { mkdir } from "node:fs/promises";
import { startGithub } from "@codybatch/local";
import type { Github, GithubScenario } from "@codybatch/local";
import type { LocalModeOptions } from "./commands.ts";

const silent = { info: () => undefined, warn: () => undefined };

/** Starts the stand-in for GitHub in this very process, so that a test has its people and its journal at hand; on loopback without a host. */
export async function startSite(dir: string, scenario: GithubScenario, host?: string): Promise<Github> {
  await mkdir(dir, { recursive: true });
  return startGithub({ scenario, dir, log: silent, ...(host === undefined ? {} : { host }) });
}

/** The options of a local mode whose repositories are there. */
export function withSite(options: LocalModeOptions, github: Github): LocalModeOptions {
  const secret = (variable: string, name: string): Record<string, string> => {
    const token = github.token(name);
    return token === undefined ? {} : { [variable]: token.text };
  };
  return {
    ...options,
    operator: { GITHUB_API_URL: github.apiURL, ...options.operator },
    limits: { repositoryPatterns: [`${github.url}/**`], ...options.limits },
    secrets: { ...secret("CODYBATCH_GITHUB_READ_TOKEN", "read"), ...secret("CODYBATCH_GITHUB_WRITE_TOKEN", "write"), ...options.secrets },
  };
}
