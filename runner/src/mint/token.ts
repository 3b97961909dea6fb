import { createAppAuth } from "@octokit/auth-app";
import { z } from "zod";
import { Answered, CredentialRejected } from "../github/fault.ts";
import { Host, type HostOptions } from "../github/host.ts";
import { findInstallation, type Installation } from "./installation.ts";
import { MintRefusal } from "./refusal.ts";
import { grantable, type Permissions, scopeOf } from "./scope.ts";
import type { App } from "./secret.ts";
import { type Target, targetOf, type Task } from "./task.ts";

const Made = z.object({ token: z.string().min(1), expires_at: z.string(), permissions: z.record(z.string(), z.string()).default({}) });

export interface Token {
  readonly text: string;
  /** An hour from now, by GitHub's rule. */
  readonly expiresAt: string;
  readonly permissions: Readonly<Record<string, string>>;
}

/** A client that signs in as the App. */
export function appHost({ id, privateKey }: App, options: Omit<HostOptions, "token">): Host {
  return new Host({ ...options, token: { authStrategy: createAppAuth, auth: { appId: id, privateKey } } });
}

/** Makes a token of the least scope that the task needs. Throws {@link MintRefusal}, RateLimited or Unavailable. */
export async function mintToken(host: Host, app: App, task: Task): Promise<Token> {
  const target = targetOf(task);
  try {
    const installation = await findInstallation(host, app, target);
    return await tokenOf(host, installation, target, granted(task, installation));
  } catch (error) {
    throw named(error);
  }
}

function granted(task: Task, { account, permissions: given }: Installation): Permissions {
  const { permissions, missing } = grantable(scopeOf(task), given);
  if (missing.length === 0) return permissions;
  const where = account?.login ?? "this account";
  throw new MintRefusal(
    "PermissionMissing",
    `The GitHub App lacks ${missing.join(" and ")} at ${where}. Add it to the App's permissions, have an owner accept the change, then run it again.`,
  );
}

async function tokenOf(host: Host, { id }: Installation, target: Target, permissions: Permissions): Promise<Token> {
  const repositories = target.kind === "Repository" ? { repositories: [target.repo] } : {};
  const asked = { installation_id: id, permissions, ...repositories };
  const made = await host.ask(Made, "repeatable", (octokit) => octokit.rest.apps.createInstallationAccessToken(asked));
  return { text: made.token, expiresAt: made.expires_at, permissions: made.permissions };
}

/** What GitHub's refusals mean for who keeps the App. */
function named(error: unknown): unknown {
  if (error instanceof CredentialRejected)
    return new MintRefusal("AppRejected", unaccepted("the key is not the App's, or was deleted"), { cause: error });
  if (!(error instanceof Answered)) return error;
  if (/integration not found/i.test(error.message))
    return new MintRefusal("AppRejected", unaccepted("there is no App of this id"), { cause: error });
  const kind = error.status === 403 ? "AppNotInstalled" : "PermissionMissing";
  return new MintRefusal(kind, `GitHub gives the App no token (${error.status}): ${error.message}`.slice(0, 500), { cause: error });
}

function unaccepted(why: string): string {
  return `GitHub does not accept the App of the Secret: ${why}. Correct "app-id" and "private-key".`;
}
