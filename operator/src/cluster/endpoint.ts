import { readFile } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import type { SecureContextOptions } from "node:tls";
import { KubeConfig } from "@kubernetes/client-node";
import type { Clock } from "./clock.ts";

/** Where the API server is and how to find out; the configuration's words. */
export type ServerAddress =
  /** Plain HTTP without authentication: local mode only. */
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "kubeconfig"; readonly path: string }
  /** `directory` holds `token` and `ca.crt` of the ServiceAccount. */
  | { readonly kind: "in-cluster"; readonly host: string; readonly port: string; readonly directory: string };

export type TLS = Pick<SecureContextOptions, "ca" | "cert" | "key" | "pfx" | "passphrase"> & {
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
};

export interface Endpoint {
  readonly url: URL;
  readonly tls: TLS;
  /** Authorization of the next request. Read again every minute, because tokens are rotated in place. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** After a 401: the next headers are read anew. */
  readonly expire: () => void;
}

/** How long credentials are kept in milliseconds: client-go's minute. */
const keepFor = 60_000;

/** The address leads nowhere: a file is missing or does not say what it should. Trying again does not help. */
export class EndpointError extends Error {
  override readonly name = "EndpointError";
}

/** Reads the address' files. Throws {@link EndpointError}. */
export async function openEndpoint(address: ServerAddress, clock: Clock): Promise<Endpoint> {
  if (address.kind === "url") return { url: new URL(address.url), tls: {}, headers: () => Promise.resolve({}), expire: () => undefined };
  try {
    const kube = new KubeConfig();
    if (address.kind === "kubeconfig") kube.loadFromFile(address.path);
    else loadInCluster(kube, address);
    return await kubeEndpoint(kube, clock);
  } catch (cause) {
    const what = address.kind === "kubeconfig" ? `the kubeconfig ${address.path}` : `the ServiceAccount's files in ${address.directory}`;
    throw new EndpointError(`cannot use ${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function loadInCluster(kube: KubeConfig, { host, port, directory }: ServerAddress & { kind: "in-cluster" }): void {
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  kube.loadFromClusterAndUser(
    { name: "in-cluster", server, caFile: `${directory}/ca.crt`, skipTLSVerify: false },
    { name: "in-cluster", authProvider: { name: "tokenFile", config: { tokenFile: `${directory}/token` } } },
  );
}

async function kubeEndpoint(kube: KubeConfig, clock: Clock): Promise<Endpoint> {
  const cluster = kube.getCurrentCluster();
  if (cluster === null) throw new Error("the kubeconfig's current context names no cluster");
  if (cluster.proxyUrl !== undefined) throw new Error("proxy-url in a kubeconfig is not supported; reach the API server directly");
  if (cluster.server.startsWith("http:") && !cluster.skipTLSVerify) {
    throw new Error(
      "the kubeconfig's server is plain http, which would show credentials to anyone on the way; for local mode set CODYBATCH_API_URL",
    );
  }
  const options: RequestOptions & { auth?: string | null } = {};
  const tokenFile = tokenFileOf(kube);
  if (tokenFile === undefined) await kube.applyToHTTPSOptions(options);
  else await applyWithoutToken(kube, options);
  const read = tokenFile === undefined ? () => headersFromConfig(kube) : () => headersFromFile(tokenFile);
  return { url: new URL(cluster.server), tls: tlsOf(options), ...kept(read, clock) };
}

/** The library keeps a token file's content for a minute by the wall clock and cannot be told of a 401, so that part is done here. */
function tokenFileOf(kube: KubeConfig): string | undefined {
  const config: unknown = kube.getCurrentUser()?.authProvider?.config;
  if (typeof config !== "object" || config === null) return undefined;
  const path: unknown = Reflect.get(config, "tokenFile");
  return typeof path === "string" ? path : undefined;
}

async function applyWithoutToken(kube: KubeConfig, options: RequestOptions): Promise<void> {
  const bare = new KubeConfig();
  const cluster = kube.getCurrentCluster();
  if (cluster !== null) bare.loadFromClusterAndUser(cluster, { name: "nobody" });
  await bare.applyToHTTPSOptions(options);
}

async function headersFromFile(path: string): Promise<Record<string, string>> {
  const token = (await readFile(path, "utf8")).trim();
  return { authorization: `Bearer ${token}` };
}

async function headersFromConfig(kube: KubeConfig): Promise<Record<string, string>> {
  const options: RequestOptions = {};
  await kube.applyToHTTPSOptions(options);
  const basic = typeof options.auth === "string" ? { authorization: `Basic ${Buffer.from(options.auth).toString("base64")}` } : {};
  const named = Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return { ...basic, ...Object.fromEntries(named) };
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

function tlsOf(options: RequestOptions): TLS {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  return {
    ...(ca === undefined || ca === null ? {} : { ca }),
    ...(cert === undefined || cert === null ? {} : { cert }),
    ...(key === undefined || key === null ? {} : { key }),
    ...(pfx === undefined || pfx === null ? {} : { pfx }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    ...(servername === undefined ? {} : { servername }),
  };
}
