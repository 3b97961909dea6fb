import type { RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import { tokenHeader } from "./credentials.ts";
import type { Credentials, TLS } from "./credentials.ts";

/** TLS and authentication of a kubeconfig's current context: certificates, tokens, passwords, exec and OIDC as the library knows them. */
export async function kubeconfigCredentials(path: string): Promise<Credentials> {
  const kube = new KubeConfig();
  kube.loadFromFile(path);
  const cluster = kube.getCurrentCluster();
  if (cluster === null) throw new Error("its current context names no cluster");
  if (cluster.proxyUrl !== undefined) throw new Error("a proxy-url is not supported; reach the API server directly");
  if (cluster.server.startsWith("http:") && !cluster.skipTLSVerify) {
    throw new Error("its server is plain http, which would show credentials to anyone on the way; for local mode set CODYBATCH_API_URL");
  }
  const url = new URL(cluster.server);
  const tokenFile = tokenFileOf(kube);
  if (tokenFile === undefined) return { url, tls: tlsOf(await optionsOf(kube)), read: () => headersOf(kube) };
  const bare = new KubeConfig();
  bare.loadFromClusterAndUser(cluster, { name: "nobody" });
  return { url, tls: tlsOf(await optionsOf(bare)), read: () => tokenHeader(tokenFile) };
}

/** The library keeps a token file's content for a minute by the wall clock and cannot be told of a 401, so that part is not left to it. */
function tokenFileOf(kube: KubeConfig): string | undefined {
  const config: unknown = kube.getCurrentUser()?.authProvider?.config;
  if (typeof config !== "object" || config === null) return undefined;
  const path: unknown = Reflect.get(config, "tokenFile");
  return typeof path === "string" ? path : undefined;
}

async function optionsOf(kube: KubeConfig): Promise<RequestOptions> {
  const options: RequestOptions = {};
  await kube.applyToHTTPSOptions(options);
  return options;
}

async function headersOf(kube: KubeConfig): Promise<Record<string, string>> {
  const { auth, headers } = await optionsOf(kube);
  const basic = typeof auth === "string" ? { authorization: `Basic ${Buffer.from(auth).toString("base64")}` } : {};
  const named = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return { ...basic, ...Object.fromEntries(named) };
}

function tlsOf({ ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }: RequestOptions): TLS {
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
