import type { PublishInput } from "@codybatch/crds";
import { z } from "zod";
import type { Credential } from "../credential.ts";
import { Answered } from "../../github/fault.ts";
import type { Host } from "../../github/host.ts";
import { Refused } from "../fault.ts";

const Answer = z.object({
  name: z.string(),
  owner: z.object({ login: z.string() }),
  default_branch: z.string().min(1),
  clone_url: z.string(),
  archived: z.boolean().default(false),
  permissions: z.object({ push: z.boolean() }).optional(),
});

/** The repository as the host knows it now; it may have been renamed. */
export interface HostedRepository {
  readonly owner: string;
  readonly repo: string;
  /** Branch that the pull request goes to. */
  readonly base: string;
  /** Where git finds it. */
  readonly gitURL: string;
}

/** Asks whether we may push. Throws {@link Refused} where we may not. */
export async function ownedRepository(host: Host, { repository }: PublishInput, credential: Credential): Promise<HostedRepository> {
  const [owner = "", repo = ""] = repository.name.split("/");
  const found = await host.ask(Answer, "repeatable", (octokit) => octokit.rest.repos.get({ owner, repo })).catch(unseen(repository.name));
  if (found.archived) throw notOwned(`${repository.name} is archived`);
  // An installation has no user, so GitHub denies it everything here, whatever it may do: the push will tell.
  if (!credential.installation && found.permissions?.push !== true)
    throw notOwned(`The write credential may not push to ${repository.name}`);
  return {
    owner: found.owner.login,
    repo: found.name,
    base: repository.branch === "HEAD" ? found.default_branch : repository.branch,
    gitURL: sameOrigin(found.clone_url, repository.url) ? found.clone_url : repository.url,
  };
}

export function notOwned(fact: string): Refused {
  return new Refused(
    "NotOwned",
    `${fact}. The patch is kept to be downloaded; or give the credential contents and pull_requests write there, then publish again.`,
  );
}

function unseen(name: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Answered)) throw error;
    throw notOwned(`The write credential may not see ${name} (${error.status})`);
  };
}

/** The credential goes nowhere but where the BatchChange says. */
function sameOrigin(one: string, other: string): boolean {
  const origin = URL.parse(one)?.origin;
  return origin !== undefined && origin === URL.parse(other)?.origin;
}
