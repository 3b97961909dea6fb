import { createHash } from "node:crypto";
import type { Clock } from "@codybatch/operator";
import { z } from "zod";
import { Expiring } from "./expiring.ts";
import { reviewToken, type Ask } from "./review.ts";
import type { Viewer } from "./viewer.ts";

export interface TokenOptions {
  readonly ask: Ask;
  readonly clock: Clock;
  readonly audience: string;
  readonly acceptClusterTokens: boolean;
  /** Milliseconds for which the API server's answer holds. */
  readonly keep: number;
}

/** Longest token that is asked about, in characters. */
export const longestToken = 16_384;

/** Whose token it is: asked with our audience, then, where that is allowed, without. Kept by hash, never the token itself. */
export class Tokens {
  readonly #options: TokenOptions;
  readonly #answers: Expiring<Viewer | undefined>;

  constructor(options: TokenOptions) {
    this.#options = options;
    this.#answers = new Expiring(options.clock, options.keep, 10_000);
  }

  /** Undefined when it is refused. Rejects when the API server gives no answer. */
  async viewerOf(token: string): Promise<Viewer | undefined> {
    if (token === "" || token.length > longestToken || !/^[\x21-\x7e]+$/.test(token)) return undefined;
    const expiresAt = expiryOf(token);
    if (expiresAt !== undefined && expiresAt <= this.#options.clock.date().getTime()) return undefined;
    const viewer = await this.#answers.get(createHash("sha256").update(token).digest("hex"), () => this.#review(token));
    return viewer === undefined || expiresAt === undefined ? viewer : { ...viewer, expiresAt };
  }

  async #review(token: string): Promise<Viewer | undefined> {
    const { ask, audience, acceptClusterTokens } = this.#options;
    const ours = await reviewToken(ask, token, audience);
    if (ours !== undefined || !acceptClusterTokens) return ours;
    return reviewToken(ask, token, undefined);
  }
}

const Claims = z.object({ exp: z.number().positive().max(1e11) });

/** When a token says that it ends, in milliseconds. Nobody has checked that word: it may shorten a session, never prolong it. */
export function expiryOf(token: string): number | undefined {
  try {
    const payload = token.split(".")[1] ?? "";
    const claims = Claims.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    return claims.success ? claims.data.exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
