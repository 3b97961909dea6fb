import { join } from "node:path";
import { readMounted } from "../out/index.ts";
import { Refused } from "./fault.ts";

/** What we write to GitHub with. */
export interface Credential {
  readonly token: string;
  /** A GitHub App's token, which has no user. */
  readonly installation: boolean;
  /** Text of the key that signs commits; undefined: they are not signed. */
  readonly signingKey: string | undefined;
}

interface Folders {
  /** Has the file `token` of a mounted Secret, or of the volume on which an App's token was minted. */
  readonly githubWriteDir: string;
  /** May have `signing.key` of the same Secret. */
  readonly signingDir: string | undefined;
}

/** Reads the mounted credential. Throws {@link Refused}. */
export async function readCredential({ githubWriteDir, signingDir }: Folders): Promise<Credential> {
  const token = (await readMounted(join(githubWriteDir, "token")))?.trim() ?? "";
  if (token === "" || /\s/.test(token)) throw new Refused("CredentialMissing", missing);
  const key = signingDir === undefined ? "" : ((await readMounted(join(signingDir, "signing.key"))) ?? "").trim();
  return { token, installation: token.startsWith("ghs_"), signingKey: key === "" ? undefined : key };
}

/** What of it must never be stored or logged, each line of the key too. */
export function secretsOf({ token, signingKey = "" }: Credential): readonly string[] {
  return [token, signingKey, ...signingKey.split("\n").filter((line) => !line.startsWith("-----"))];
}

const missing =
  'There is no write credential. Make the Secret that spec.credentials.githubWriteSecret names (default github-write) with the key "token", then publish again.';
