import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getCACertificates } from "node:tls";
import type { Dispatcher } from "undici";
import { Agent, EnvHttpProxyAgent } from "undici";
import { readMounted } from "../out/index.ts";
import type { Network } from "./config.ts";
import { Refusal } from "./refusal.ts";

/** Connections of our own requests, through the given proxy if any. Close it after. */
export function connections(network: Network): Dispatcher {
  const { httpProxy, httpsProxy, noProxy } = network;
  if (httpProxy === undefined && httpsProxy === undefined) return new Agent();
  return new EnvHttpProxyAgent({ httpProxy: httpProxy ?? "", httpsProxy: httpsProxy ?? httpProxy ?? "", noProxy: noProxy ?? "" });
}

/** Settings of every git that speaks to a host. Redirects were followed already, and only inside the host; curl must not carry the token further. */
export const httpSettings = [
  "protocol.http.allow=always",
  "protocol.https.allow=always",
  "http.followRedirects=false",
  "http.lowSpeedLimit=1000",
  "http.lowSpeedTime=60",
  "credential.helper=store",
  "credential.useHttpPath=false",
];

/** The same for git's. Throws {@link Refusal} when the file of authorities holds none. */
export async function gitNetwork(network: Network, home: string): Promise<Record<string, string>> {
  const settings = {
    http_proxy: network.httpProxy,
    https_proxy: network.httpsProxy ?? network.httpProxy,
    no_proxy: network.noProxy,
    GIT_SSL_CAINFO: await authorities(network.caFile, home),
  };
  return Object.fromEntries(Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** git believes one file and nothing else, so the usual authorities go into it too. Undefined: git's own are enough. */
async function authorities(caFile: string | undefined, home: string): Promise<string | undefined> {
  if (caFile === undefined || (await readMounted(caFile)) === undefined) return undefined;
  if (getCACertificates("extra").length === 0) {
    throw new Refusal(
      "CloneFailed",
      "The ConfigMap of the chart's value caBundle holds no certificate in PEM form under its key. Put the certificates there, then run it again.",
    );
  }
  const path = join(home, "authorities.pem");
  const all = new Set([...getCACertificates("default"), ...getCACertificates("system")]);
  await writeFile(path, `${[...all].join("\n")}\n`);
  return path;
}
