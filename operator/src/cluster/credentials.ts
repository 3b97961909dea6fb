import { readFile } from "node:fs/promises";
import type { SecureContextOptions } from "node:tls";

export type TLS = Pick<SecureContextOptions, "ca" | "cert" | "key" | "pfx" | "passphrase"> & {
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
};

/** What an address holds; `read` gives the headers as they are now. */
export interface Credentials {
  readonly url: URL;
  readonly tls: TLS;
  readonly read: () => Promise<Record<string, string>>;
}

/** The Authorization header of a token that lies in a file. */
export async function tokenHeader(path: string): Promise<Record<string, string>> {
  return { authorization: `Bearer ${(await readFile(path, "utf8")).trim()}` };
}
