import { createHash } from "node:crypto";
import { z } from "zod";
import type { Ref } from "../../git/bare.ts";
import { isRefName } from "../../git/bare.ts";
import { blob, lookAt } from "../../git/file.ts";
import type { Entry } from "../../git/file.ts";
import { roleFor } from "../../access/visitor.ts";
import { Refusal, notFound } from "../../refusal.ts";
import { gitOf } from "../../site.ts";
import { roles } from "../../state/model.ts";
import type { Role } from "../../state/model.ts";
import { textOf } from "../context.ts";
import type { Context, InRepository, Reply } from "../context.ts";
import { publicUser } from "../view/account.ts";
import { apiOf, nodeId, webOf } from "../view/links.ts";
import { fullRepository } from "../view/repository.ts";
import type { Permissions } from "../view/repository.ts";

export async function getRepository(context: InRepository): Promise<Reply> {
  const { links, repository, site } = context;
  return { status: 200, body: fullRepository(links, repository, site.store.who(repository.owner), permissionsOf(context)) };
}

/** The role of the user. An installation has no user, so that GitHub says no to everything, whatever it may do. */
function permissionsOf({ visitor, repository, site }: InRepository): Permissions | undefined {
  if (visitor.kind !== "token") return undefined;
  const { token } = visitor;
  const role =
    token.kind === "installation" ? undefined : (roleFor(token, repository, site.store) ?? (repository.private ? undefined : "read"));
  const has = (least: Role): boolean => role !== undefined && roles.indexOf(role) >= roles.indexOf(least);
  return { admin: has("admin"), maintain: has("maintain"), push: has("write"), triage: has("triage"), pull: has("read") };
}

export async function getUser({ visitor, links, site }: Context): Promise<Reply> {
  if (visitor.kind === "anonymous") throw new Refusal(401, "Requires authentication");
  if (visitor.kind === "app" || visitor.token.kind === "installation") throw new Refusal(403, "Resource not accessible by integration");
  return { status: 200, body: publicUser(links, site.store.who(visitor.token.actor)) };
}

export async function getRef(context: InRepository): Promise<Reply> {
  const name = refName(context);
  const found = (await gitOf(context.site, context.repository).refs(name)).find((ref) => ref.name === name);
  if (found === undefined) throw notFound();
  return { status: 200, body: refBody(context, found) };
}

export async function matchingRefs(context: InRepository): Promise<Reply> {
  const refs = await gitOf(context.site, context.repository).refs(refName(context));
  return { status: 200, body: refs.map((ref) => refBody(context, ref)) };
}

function refName(context: InRepository): string {
  return `refs/${textOf(context, "ref")}`;
}

function refBody({ links, repository }: InRepository, { name, sha, type }: Ref): object {
  const git = `${apiOf(links, repository)}/git`;
  const object = { sha, type, url: `${git}/${type}s/${sha}` };
  return { ref: name, node_id: nodeId("REF", repository.id), url: `${git}/${name}`, object };
}

export async function getContent(context: InRepository): Promise<Reply> {
  const { site, repository } = context;
  const path = z.string().parse(context.params["path"]).replace(/\/$/, "");
  const ref = textOf(context, "ref") || repository.defaultBranch;
  const bare = gitOf(site, repository);
  const commit = isRefName(ref) ? await bare.commitOf(ref) : undefined;
  if (commit === undefined) throw new Refusal(404, `No commit found for the ref ${ref}`);
  const found = await lookAt(bare, commit, path);
  if (found === undefined) throw notFound();
  if (!("sha" in found)) return { status: 200, body: found.map((entry) => contentBody(context, entry, ref)) };
  const bytes = await blob(bare, found.sha);
  const content = { ...contentBody(context, found, ref), content: wrapped(bytes), encoding: "base64" };
  return { status: 200, body: content };
}

function contentBody({ links, repository }: InRepository, { path, sha, bytes, type }: Entry, ref: string): object {
  const url = `${apiOf(links, repository)}/contents/${encodeURI(path)}?ref=${encodeURIComponent(ref)}`;
  const git = `${apiOf(links, repository)}/git/${type}s/${sha}`;
  const html = `${webOf(links, repository)}/blob/${ref}/${encodeURI(path)}`;
  return {
    name: path.split("/").at(-1),
    path,
    sha,
    size: bytes,
    url,
    html_url: html,
    git_url: git,
    download_url: type === "blob" ? `${webOf(links, repository)}/raw/${ref}/${encodeURI(path)}` : null,
    type: type === "blob" ? "file" : "dir",
    _links: { self: url, git, html },
  };
}

/** Base64 as GitHub writes it: lines of 60. */
function wrapped(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll(/.{1,60}/g, "$&\n");
}

/** What identifies a body for conditional requests. */
export function etagOf(body: Buffer): string {
  return `"${createHash("sha256").update(body).digest("hex")}"`;
}
