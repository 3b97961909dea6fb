import { verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { z } from "zod";
import { Refusal } from "../refusal.ts";
import type { Permissions } from "./permission.ts";

export interface Installation {
  readonly id: number;
  /** Login of the user or organization that installed it. */
  readonly account: string;
  readonly permissions: Permissions;
  /** Ids; undefined is every repository of the account. */
  readonly repositories: readonly number[] | undefined;
  /** Milliseconds. */
  suspendedAt?: number;
}

/** A GitHub App with the public half of its key. */
export interface App {
  readonly id: number;
  readonly slug: string;
  readonly clientId: string;
  readonly publicKey: KeyObject;
  readonly installations: readonly Installation[];
}

const Header = z.object({ alg: z.literal("RS256") });
const Claims = z.object({ iss: z.union([z.string(), z.int()]), iat: z.unknown(), exp: z.unknown() });

/** GitHub takes no token that lives longer. */
const longestSeconds = 600;

export function looksLikeJWT(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);
}

/** The App that signed a JSON web token. Throws a 401 in GitHub's words; `now` is in milliseconds. */
export function appOf(jwt: string, apps: readonly App[], now: number): App {
  const [head = "", payload = "", signature = ""] = jwt.split(".");
  const header = Header.safeParse(decoded(head));
  const claims = Claims.safeParse(decoded(payload));
  if (!header.success || !claims.success) throw new Refusal(401, "A JSON web token could not be decoded");
  const { iss, iat, exp } = claims.data;
  const app = apps.find(({ id, clientId }) => String(id) === String(iss) || clientId === iss);
  if (app === undefined) throw new Refusal(404, "Integration not found");
  const isSigned = verify("RSA-SHA256", Buffer.from(`${head}.${payload}`), app.publicKey, Buffer.from(signature, "base64url"));
  if (!isSigned) throw new Refusal(401, "A JSON web token could not be decoded");
  checkTimes(iat, exp, now / 1000);
  return app;
}

function checkTimes(iat: unknown, exp: unknown, now: number): void {
  if (typeof exp !== "number" || exp <= now) {
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + longestSeconds) throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  if (typeof iat !== "number" || iat > now) {
    throw new Refusal(401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
  }
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
