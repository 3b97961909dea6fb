import { z } from "zod";
import { Answered } from "../github/fault.ts";
import type { Host } from "../github/host.ts";
import { MintRefusal } from "./refusal.ts";
import type { App } from "./secret.ts";
import type { Target } from "./task.ts";

const Found = z.object({
  id: z.int(),
  account: z.object({ login: z.string() }).nullish(),
  permissions: z.record(z.string(), z.string()).default({}),
  suspended_at: z.string().nullish(),
});
export type Installation = z.infer<typeof Found>;

/** The installation of the App that serves the target. Throws {@link MintRefusal}, and what {@link Host.ask} throws. */
export async function findInstallation(host: Host, app: App, target: Target): Promise<Installation> {
  const found = target.kind === "Repository" ? await ofRepository(host, app, target) : await ofAccount(host, app, target.owners);
  if (found.suspended_at == null) return found;
  const where = found.account?.login ?? `installation ${found.id}`;
  throw new MintRefusal(
    "AppNotInstalled",
    `The GitHub App is suspended at ${where}. An owner has to take that back in the settings of its installation.`,
  );
}

type OneRepository = Extract<Target, { readonly kind: "Repository" }>;

async function ofRepository(host: Host, { installation }: App, { owner, repo }: OneRepository): Promise<Installation> {
  const found = await host
    .ask(Found, "repeatable", (octokit) => octokit.rest.apps.getRepoInstallation({ owner, repo }))
    .catch(unlessMissing);
  if (found === undefined) {
    throw new MintRefusal(
      "AppNotInstalled",
      `The GitHub App is not installed on ${owner}/${repo}, or there is no such repository. Install it there, or check the URL.`,
    );
  }
  if (installation === undefined || installation === found.id) return found;
  const words = `${owner}/${repo} belongs to installation ${found.id} of the GitHub App, and the Secret names ${installation}. Take "installation-id" out, or use another Secret for this repository.`;
  throw new MintRefusal("AppNotInstalled", words);
}

/** A token is for one account, so it has to be known which. */
async function ofAccount(host: Host, { installation }: App, owners: readonly string[]): Promise<Installation> {
  const [owner] = owners;
  if (owners.length > 1) throw new MintRefusal("AppNotInstalled", several(owners));
  if (installation !== undefined) return await byId(host, installation, owner);
  if (owner === undefined) throw new MintRefusal("KeyMissing", unnamed);
  const found =
    (await host.ask(Found, "repeatable", (octokit) => octokit.rest.apps.getOrgInstallation({ org: owner })).catch(unlessMissing)) ??
    (await host.ask(Found, "repeatable", (octokit) => octokit.rest.apps.getUserInstallation({ username: owner })).catch(unlessMissing));
  if (found !== undefined) return found;
  throw new MintRefusal("AppNotInstalled", `The GitHub App is not installed at ${owner}. Install it there, or use a token in the Secret.`);
}

async function byId(host: Host, id: number, owner: string | undefined): Promise<Installation> {
  const found = await host
    .ask(Found, "repeatable", (octokit) => octokit.rest.apps.getInstallation({ installation_id: id }))
    .catch(unlessMissing);
  const missing = new MintRefusal(
    "AppNotInstalled",
    `The GitHub App has no installation ${id}. Correct "installation-id" in the Secret, or take it out.`,
  );
  if (found === undefined) throw missing;
  const login = found.account?.login;
  if (owner === undefined || login === undefined || login.toLowerCase() === owner) return found;
  const words = `Installation ${id} of the GitHub App is at ${login}, and this is about ${owner}. Take "installation-id" out, or use another Secret.`;
  throw new MintRefusal("AppNotInstalled", words);
}

function several(owners: readonly string[]): string {
  const named = owners.slice(0, 10).join(", ");
  return `A GitHub App's token is for one account, and this is about ${owners.length}: ${named}. Use a token in the Secret, or one BatchChange for each account.`;
}

const unnamed =
  'The search names no organization or user, so it is not known which installation of the GitHub App serves it. Put its number into the Secret as "installation-id", or org:NAME into the search.';

/** GitHub hides from an App what it is not installed on. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof Answered && error.status === 404 && !/integration not found/i.test(error.message)) return undefined;
  throw error;
}
