import { createPrivateKey } from "node:crypto";
import { join } from "node:path";
import { readMounted } from "../out/index.ts";
import { MintRefusal } from "./refusal.ts";

/** Keys of the Secret, which are the names of its files. */
export const secretKeys = ["token", "app-id", "private-key", "installation-id"] as const;

/** A GitHub App, and which of its installations counts where that is said. */
export interface App {
  /** Its number, or its client ID. */
  readonly id: string;
  /** PKCS#8 in PEM. */
  readonly privateKey: string;
  readonly installation: number | undefined;
}

/** What a Secret for GitHub holds. */
export type GitHubSecret =
  | { readonly kind: "None" }
  | { readonly kind: "Token"; readonly token: string }
  | { readonly kind: "App"; readonly app: App; readonly texts: readonly string[] };

/** Reads the mounted Secret; a token wins over an App. Throws {@link MintRefusal}. */
export async function readSecret(directory: string): Promise<GitHubSecret> {
  const read = async (key: (typeof secretKeys)[number]): Promise<string> => (await readMounted(join(directory, key)))?.trim() ?? "";
  const token = await read("token");
  if (token !== "") return { kind: "Token", token };
  const [id, key, installation] = [await read("app-id"), await read("private-key"), await read("installation-id")];
  if (id === "" && key === "") return { kind: "None" };
  if (id === "" || key === "") throw incomplete(id === "" ? "app-id" : "private-key");
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(id))
    throw rejected("app-id", "is neither the number of a GitHub App nor its client ID, as its page of settings shows them");
  return { kind: "App", app: { id, privateKey: privateKeyOf(key), installation: installationOf(installation) }, texts: [key] };
}

function installationOf(text: string): number | undefined {
  if (text === "") return undefined;
  if (!/^[0-9]{1,15}$/.test(text))
    throw rejected("installation-id", "is no number, such as the one at the end of the installation's address");
  return Number(text);
}

/** GitHub gives the key as PKCS#1. */
function privateKeyOf(pem: string): string {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === "rsa") return key.export({ type: "pkcs8", format: "pem" }).toString();
  } catch {
    // What it says of the key is of no use to a person.
  }
  throw rejected("private-key", "is no RSA key in PEM form without a passphrase, as GitHub gives it on the App's page of settings");
}

function incomplete(missing: string): MintRefusal {
  const other = missing === "app-id" ? "private-key" : "app-id";
  return new MintRefusal(
    "KeyMissing",
    `The Secret has the key "${other}" of a GitHub App and no "${missing}". Add it, or put a "token" there.`,
  );
}

function rejected(key: string, fact: string): MintRefusal {
  return new MintRefusal("AppRejected", `The value of "${key}" ${fact}. Mend it in the Secret.`);
}
