import type { Dispatcher } from "undici";
import { Agent, EnvHttpProxyAgent } from "undici";
import type { Network } from "./config.ts";

/** Connections of our own requests, through the given proxy if any. Close it after. */
export function connections(network: Network): Dispatcher {
  const { httpProxy, httpsProxy, noProxy } = network;
  if (httpProxy === undefined && httpsProxy === undefined) return new Agent();
  return new EnvHttpProxyAgent({ httpProxy: httpProxy ?? "", httpsProxy: httpsProxy ?? httpProxy ?? "", noProxy: noProxy ?? "" });
}

/** The same for git's. */
export function gitNetwork(network: Network): Record<string, string> {
  const settings = {
    http_proxy: network.httpProxy,
    https_proxy: network.httpsProxy,
    no_proxy: network.noProxy,
    GIT_SSL_CAINFO: network.caFile,
  };
  return Object.fromEntries(Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
