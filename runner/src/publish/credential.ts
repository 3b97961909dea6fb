import { join } from "node:path";
import { readMounted } from "../out/index.ts";
import { Refused } from "./fault.ts";

/** What we write to GitHub with. */
export interface Credential {
  readonly token: string;
  /** A GitHub App's token, which has no user. */
  readonly installation: boolean;
}

/** The file `token` of a mounted Secret, or of the volume on which an App's token was minted. Throws {@link Refused}. */
export async function readCredential(directory: string): Promise<Credential> {
  const token = (await readMounted(join(directory, "token")))?.trim() ?? "";
  if (token === "" || /\s/.test(token)) throw new Refused("CredentialMissing", missing);
  return { token, installation: token.startsWith("ghs_") };
}

const missing =
  'There is no write credential. Make the Secret that spec.credentials.githubWriteSecret names (default github-write) with the key "token", then publish again.';
