import { readFile } from "node:fs/promises";
import type { Clock } from "./clock.ts";
import { tokenHeader } from "./credentials.ts";
import type { Credentials, TLS } from "./credentials.ts";

/** Where the API server is and how to find out; the configuration's words. */
export type ServerAddress =
  /** Plain HTTP without authentication: local mode only. */
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "kubeconfig"; readonly path: string }
  /** `directory` holds `token` and `ca.crt` of the ServiceAccount. */
  | { readonly kind: "in-cluster"; readonly host: string; readonly port: string; readonly directory: string };

export interface Endpoint {
  readonly url: URL;
  readonly tls: TLS;
  /** Authorization of the next request. Read again every minute, because tokens are rotated in place. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** After a 401: the next headers are read anew. */
  readonly expire: () => void;
}

/** The address leads nowhere: a file is missing or does not say what it should. Trying again does not help. */
export class EndpointError extends Error {
  override readonly name = "EndpointError";
}

/** How long headers are kept in milliseconds: client-go's minute. */
const keepFor = 60_000;

/** Reads the address' files. Throws {@link EndpointError}. */
export async function openEndpoint(address: ServerAddress, clock: Clock): Promise<Endpoint> {
  try {
    const { url, tls, read } = await credentialsOf(address);
    return { url, tls, ...kept(read, clock) };
  } catch (cause) {
    throw new EndpointError(`cannot use ${describe(address)}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function credentialsOf(address: ServerAddress): Promise<Credentials> {
  if (address.kind === "url") return { url: new URL(address.url), tls: {}, read: () => Promise.resolve({}) };
  if (address.kind === "in-cluster") return inCluster(address);
  // Loaded only when needed: the library takes 31 MB of heap and a second to start (measured), for which a pod has no use.
  const { kubeconfigCredentials } = await import("./kubeconfig.ts");
  return kubeconfigCredentials(address.path);
}

async function inCluster({ host, port, directory }: ServerAddress & { kind: "in-cluster" }): Promise<Credentials> {
  const read = (): Promise<Record<string, string>> => tokenHeader(`${directory}/token`);
  await read();
  const url = new URL(`https://${host.includes(":") ? `[${host}]` : host}:${port}`);
  return { url, tls: { ca: await readFile(`${directory}/ca.crt`) }, read };
}

function kept(read: () => Promise<Record<string, string>>, clock: Clock): Pick<Endpoint, "headers" | "expire"> {
  let last: { readonly at: number; readonly headers: Promise<Record<string, string>> } | undefined;
  return {
    headers: () => {
      if (last === undefined || clock.now() - last.at >= keepFor) last = { at: clock.now(), headers: read() };
      last.headers.catch(() => (last = undefined));
      return last.headers;
    },
    expire: () => (last = undefined),
  };
}

function describe(address: ServerAddress): string {
  if (address.kind === "url") return `the URL ${address.url}`;
  return address.kind === "kubeconfig" ? `the kubeconfig ${address.path}` : `the ServiceAccount's files in ${address.directory}`;
}
