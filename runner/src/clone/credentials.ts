import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readMounted } from "../out/index.ts";

/** User name that GitHub wants with a token; other hosts take any. */
export const tokenUser = "x-access-token";

/** The read token, or undefined when its Secret, or the key in it, is not there. */
export async function readToken(directory: string): Promise<string | undefined> {
  const text = (await readMounted(join(directory, "token")))?.trim();
  return text === "" ? undefined : text;
}

/**
 * Leaves the token where git's `store` helper looks in its private HOME. So it stands in no argument, no environment and no
 * stored configuration; the caller removes the folder.
 */
export async function storeCredentials(home: string, url: URL, token: string): Promise<void> {
  const login = `${url.protocol}//${tokenUser}:${encodeURIComponent(token)}@${url.host}\n`;
  await writeFile(join(home, ".git-credentials"), login, { mode: 0o600, flag: "wx" });
}
