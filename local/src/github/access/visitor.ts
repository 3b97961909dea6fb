import { Refusal } from "../refusal.ts";
import { roles } from "../state/model.ts";
import type { Repository, Role } from "../state/model.ts";
import type { Store } from "../state/store.ts";
import { appOf, looksLikeJWT } from "./app.ts";
import type { App } from "./app.ts";
import { covers } from "./permission.ts";
import type { Level, PermissionName } from "./permission.ts";
import { secretOf } from "./token.ts";
import type { Token, Tokens } from "./token.ts";

/** Who asks. */
export type Visitor =
  | { readonly kind: "anonymous" }
  | { readonly kind: "token"; readonly token: Token }
  | { readonly kind: "app"; readonly app: App };

interface Known {
  readonly tokens: Tokens;
  readonly apps: readonly App[];
  /** Milliseconds. */
  readonly now: number;
}

/** Who an Authorization header speaks for. Throws a 401 for a credential that is unknown or has expired. */
export function visitorOf(header: string | undefined, { tokens, apps, now }: Known): Visitor {
  const secret = secretOf(header);
  if (secret === undefined) return { kind: "anonymous" };
  const token = tokens.find(secret);
  if (token !== undefined && (token.expiresAt === undefined || now < token.expiresAt)) return { kind: "token", token };
  if (token === undefined && looksLikeJWT(secret)) return { kind: "app", app: appOf(secret, apps, now) };
  throw new Refusal(401, "Bad credentials");
}

/** What is wanted of a repository. */
export interface Wanted {
  readonly permission: PermissionName;
  readonly level: Level;
}

/** `hidden`: not even that it exists is told. */
export type Decision = "granted" | "denied" | "hidden";

/** Whether somebody gets what is wanted of a repository. */
export function decide(visitor: Visitor, repository: Repository, wanted: Wanted, store: Store): Decision {
  if (visitor.kind !== "token") return unlessPrivate(repository, visitor.kind === "anonymous" && wanted.level === "read");
  const { token } = visitor;
  const role = roleFor(token, repository, store);
  if (repository.private && role === undefined) return "hidden";
  if (wanted.level === "read" && (!repository.private || wanted.permission === "metadata")) return "granted";
  const isGranted = role !== undefined && covers(token.permissions[wanted.permission], wanted.level);
  return isGranted && roles.indexOf(role) >= roles.indexOf(leastRole(wanted)) ? "granted" : "denied";
}

function unlessPrivate(repository: Repository, isGranted: boolean): Decision {
  if (repository.private) return "hidden";
  return isGranted ? "granted" : "denied";
}

/** The role that stands behind a token in a repository; undefined where the token is not for it. An installation has what it was granted. */
export function roleFor(token: Token, repository: Repository, store: Store): Role | undefined {
  if (token.repositories !== undefined && !token.repositories.includes(repository.id)) return undefined;
  if (token.kind === "personal") return store.roleOf(token.actor, repository);
  return token.account?.toLowerCase() === repository.owner.toLowerCase() ? "write" : undefined;
}

function leastRole({ permission, level }: Wanted): Role {
  if (level === "read") return "read";
  return permission === "issues" ? "triage" : "write";
}
