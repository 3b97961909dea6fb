import { randomBytes } from "node:crypto";
import { z } from "zod";
import { covers, permissionNames } from "../../access/permission.ts";
import type { Permissions } from "../../access/permission.ts";
import type { App, Installation } from "../../access/app.ts";
import { Refusal, notFound } from "../../refusal.ts";
import type { Resource } from "../../limits/limits.ts";
import type { Repository } from "../../state/model.ts";
import { numberOf, textOf } from "../context.ts";
import type { Context, InRepository, Reply } from "../context.ts";
import { simpleUser } from "../view/account.ts";
import { timeText } from "../view/links.ts";
import { wholeRepository } from "../view/repository.ts";

/** Whose key signed the request. Throws the 401 that another credential gets. */
export function appFrom({ visitor }: Pick<Context, "visitor">): App {
  if (visitor.kind !== "app") throw new Refusal(401, "A JSON web token could not be decoded");
  return visitor.app;
}

export async function repositoryInstallation(context: InRepository): Promise<Reply> {
  const app = appFrom(context);
  const found = app.installations.find((one) => isIn(one, context.repository));
  if (found === undefined) throw notFound();
  return { status: 200, body: installationBody(context, app, found) };
}

/** By its id, or by the login of the organization or user that installed it. */
export async function installationOf(context: Context): Promise<Reply> {
  const app = appFrom(context);
  const found = app.installations.find((one) => isAsked(one, context));
  if (found === undefined) throw notFound();
  return { status: 200, body: installationBody(context, app, found) };
}

function isAsked({ id, account }: Installation, context: Context): boolean {
  if (id === numberOf(context, "installation_id")) return true;
  const isOf = (login: string): boolean => login !== "" && login.toLowerCase() === account.toLowerCase();
  const isOrganization = context.site.store.who(account).kind === "Organization";
  return isOf(textOf(context, isOrganization ? "org" : "username"));
}

function isIn({ account, repositories }: Installation, { id, owner }: Repository): boolean {
  return account.toLowerCase() === owner.toLowerCase() && (repositories?.includes(id) ?? true);
}

function installationBody({ links, site }: Context, app: App, one: Installation): object {
  const { id, account, permissions, repositories, suspendedAt } = one;
  const owner = site.store.who(account);
  return {
    id,
    account: simpleUser(links, owner),
    repository_selection: repositories === undefined ? "all" : "selected",
    access_tokens_url: `${links.api}/app/installations/${id}/access_tokens`,
    repositories_url: `${links.api}/installation/repositories`,
    html_url: `${links.web}/organizations/${account}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: owner.id,
    target_type: owner.kind,
    permissions,
    events: [],
    created_at: timeText(0),
    updated_at: timeText(0),
    single_file_name: null,
    suspended_by: suspendedAt === undefined ? null : simpleUser(links, owner),
    suspended_at: suspendedAt === undefined ? null : timeText(suspendedAt),
  };
}

const level = z.enum(["read", "write"]);
const Asked = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.int()).optional(),
  permissions: z.partialRecord(z.enum(permissionNames), level).optional(),
});

/** GitHub's: an hour. */
const lifetimeMs = 3_600_000;

export async function createToken(context: Context): Promise<Reply> {
  const { site, links } = context;
  const app = appFrom(context);
  const installation = app.installations.find(({ id }) => id === numberOf(context, "installation_id"));
  if (installation === undefined) throw notFound();
  if (installation.suspendedAt !== undefined) throw new Refusal(403, "This installation has been suspended");
  const asked = askedOf(context.body);
  const chosen = chosenOf(context, installation, asked);
  const permissions = grantedOf(installation, asked.permissions);
  const expiresAt = site.now() + lifetimeMs;
  const text = `ghs_${randomBytes(18).toString("hex")}`;
  const repositories = chosen?.map(({ id }) => id) ?? installation.repositories;
  const name = `installation-${installation.id}-${site.store.newId()}`;
  const actor = `${app.slug}[bot]`;
  site.tokens.add({ name, text, actor, kind: "installation", permissions, repositories, account: installation.account, expiresAt });
  const whole = chosen?.map((one) => wholeRepository(links, one, site.store.who(one.owner)));
  const body = {
    token: text,
    expires_at: timeText(expiresAt),
    permissions,
    repository_selection: repositories === undefined ? "all" : "selected",
    ...(whole === undefined ? {} : { repositories: whole }),
  };
  return { status: 201, body };
}

const ungranted = "The permissions requested are not granted to this installation.";

/** A permission that the stand-in does not know is one that it never granted. */
function askedOf(body: unknown): z.infer<typeof Asked> {
  const read = Asked.safeParse(body);
  if (!read.success) throw new Refusal(422, ungranted);
  return read.data;
}

/** The repositories that are named; undefined where none is. */
function chosenOf({ site }: Context, installation: Installation, asked: z.infer<typeof Asked>): readonly Repository[] | undefined {
  const { repositories, repository_ids: ids } = asked;
  if (repositories === undefined && ids === undefined) return undefined;
  const named = [
    ...(repositories ?? []).map((name) => site.store.repository(`${installation.account}/${name}`)),
    ...(ids ?? []).map((id) => site.store.repositoryById(id)),
  ].map((one) => (one !== undefined && isIn(installation, one) ? one : undefined));
  const found = named.filter((one) => one !== undefined);
  if (found.length === named.length) return found;
  throw new Refusal(422, "There is at least one repository that does not exist or is not accessible to the parent installation.");
}

function grantedOf({ permissions }: Installation, asked: Permissions | undefined): Permissions {
  if (asked === undefined) return { metadata: "read", ...permissions };
  const tooMuch = permissionNames.some(
    (name) => asked[name] !== undefined && name !== "metadata" && !covers(permissions[name], asked[name]),
  );
  if (tooMuch) throw new Refusal(422, ungranted);
  return { metadata: "read", ...asked };
}

export async function rateLimit({ site, visitor }: Context): Promise<Reply> {
  const who = visitor.kind === "token" ? visitor.token.name : "";
  const one = (resource: Resource): object => site.limits.state(who, resource, site.now());
  const resources = { core: one("core"), search: one("search"), code_search: one("code_search"), graphql: one("graphql") };
  return { status: 200, body: { resources, rate: resources.core } };
}
