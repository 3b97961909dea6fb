import { z } from "zod";
import { badRequest } from "../http/status.ts";

const Token = z.strictObject({ version: z.int().min(0), after: z.string() });

/** Where a list goes on: after a key, at the version of its first page. */
export type PageToken = z.infer<typeof Token>;

export function writeToken(token: PageToken): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

/** Throws a 400 for anything that {@link writeToken} did not make. */
export function readToken(text: string): PageToken {
  try {
    return Token.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch (error) {
    throw badRequest(`continue key is not valid: ${error instanceof Error ? error.name : "unreadable"}`);
  }
}
