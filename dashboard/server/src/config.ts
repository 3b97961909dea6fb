import { isIP } from "node:net";
import {
  ConfigError,
  readEnvironment,
  reflectorTimes,
  serverOf,
  type Limits,
  type ReflectorTimes,
  type ServerAddress,
} from "@codybatch/operator";
import { Environment, type MountedClaim } from "./config/environment.ts";

export type { MountedClaim } from "./config/environment.ts";

/** How a viewer proves who they are. */
export type Auth =
  | { readonly mode: "token"; readonly audience: string; readonly acceptClusterTokens: boolean }
  | { readonly mode: "proxy"; readonly peers: readonly string[]; readonly secretFile: string }
  | { readonly mode: "none" };

/** Everything that can be set, checked. Times are milliseconds. */
export interface Config {
  readonly server: ServerAddress;
  /** Empty for all. */
  readonly watchNamespaces: readonly string[];
  readonly http: { readonly host: string; readonly port: number; readonly metricsPort: number };
  /** Addresses of proxies whose word on the browser's address and scheme counts. */
  readonly proxyPeers: readonly string[];
  /** Where browsers reach it, when that is not what they send as Host. */
  readonly publicURL: string | undefined;
  readonly webDirectory: string | undefined;
  readonly auth: Auth;
  readonly claims: readonly MountedClaim[];
  readonly limits: Limits;
  readonly logLevel: string;
  readonly requestTimeout: number;
  readonly reflector: ReflectorTimes;
  readonly perMinute: { readonly requests: number; readonly logins: number };
  readonly mostStreams: number;
  readonly times: Times;
  /** The answers of this installation come from the scripted stand-in. */
  readonly standIn: boolean;
}

/** Milliseconds. */
export interface Times {
  readonly tokenCache: number;
  readonly rightsCache: number;
  readonly session: number;
  readonly heartbeat: number;
  /** Least time between two messages about the same object. */
  readonly coalesce: number;
  /** How often a running transcript that somebody watches is looked at. */
  readonly live: number;
  readonly ping: number;
}

/** Reads the environment. Throws ConfigError, which names each variable and what to do. */
export function loadConfig(variables: Readonly<Record<string, string | undefined>> = process.env): Config {
  const env = readEnvironment(Environment, variables);
  const server = serverOf(env);
  const host = env.CODYBATCH_DASHBOARD_HOST ?? (server.kind === "in-cluster" ? "0.0.0.0" : "127.0.0.1");
  return {
    server,
    watchNamespaces: env.CODYBATCH_WATCH_NAMESPACES,
    http: { host, port: env.CODYBATCH_DASHBOARD_PORT, metricsPort: env.CODYBATCH_DASHBOARD_METRICS_PORT },
    proxyPeers: env.CODYBATCH_DASHBOARD_PROXY_PEERS,
    publicURL: env.CODYBATCH_DASHBOARD_URL,
    webDirectory: env.CODYBATCH_DASHBOARD_WEB_DIR,
    auth: authOf(env, host),
    claims: env.CODYBATCH_DASHBOARD_CLAIMS,
    limits: env.CODYBATCH_LIMITS,
    logLevel: env.CODYBATCH_LOG_LEVEL,
    requestTimeout: env.CODYBATCH_REQUEST_TIMEOUT_SECONDS * 1000,
    reflector: { ...reflectorTimes, silence: env.CODYBATCH_WATCH_SILENCE_SECONDS * 1000, relist: env.CODYBATCH_RELIST_SECONDS * 1000 },
    perMinute: { requests: env.CODYBATCH_DASHBOARD_REQUESTS_PER_MINUTE, logins: env.CODYBATCH_DASHBOARD_LOGINS_PER_MINUTE },
    mostStreams: env.CODYBATCH_DASHBOARD_MOST_STREAMS,
    times: timesOf(env),
    standIn: env.CODYBATCH_DASHBOARD_STAND_IN,
  };
}

function timesOf(env: Environment): Times {
  return {
    tokenCache: env.CODYBATCH_DASHBOARD_TOKEN_CACHE_SECONDS * 1000,
    rightsCache: env.CODYBATCH_DASHBOARD_RIGHTS_CACHE_SECONDS * 1000,
    session: env.CODYBATCH_DASHBOARD_SESSION_SECONDS * 1000,
    heartbeat: env.CODYBATCH_DASHBOARD_HEARTBEAT_SECONDS * 1000,
    coalesce: env.CODYBATCH_DASHBOARD_COALESCE_SECONDS * 1000,
    live: env.CODYBATCH_DASHBOARD_LIVE_SECONDS * 1000,
    ping: env.CODYBATCH_DASHBOARD_PING_SECONDS * 1000,
  };
}

function authOf(env: Environment, host: string): Auth {
  const { CODYBATCH_DASHBOARD_AUTH: mode, CODYBATCH_DASHBOARD_PROXY_SECRET_FILE: secretFile } = env;
  if (mode === "token") {
    return { mode, audience: env.CODYBATCH_DASHBOARD_AUDIENCE, acceptClusterTokens: env.CODYBATCH_DASHBOARD_ACCEPT_CLUSTER_TOKENS };
  }
  if (mode === "none") {
    if (isLoopback(host)) return { mode };
    throw new ConfigError([
      `CODYBATCH_DASHBOARD_AUTH: none shows everything to anybody who reaches ${host}; set CODYBATCH_DASHBOARD_HOST to 127.0.0.1 and use kubectl port-forward, or choose token`,
    ]);
  }
  const peers = env.CODYBATCH_DASHBOARD_PROXY_PEERS;
  const missing = [
    ...(peers.length === 0 ? ["CODYBATCH_DASHBOARD_PROXY_PEERS: proxy needs the addresses from which the proxy comes"] : []),
    ...(secretFile === undefined
      ? ["CODYBATCH_DASHBOARD_PROXY_SECRET_FILE: proxy needs the file with the secret that the proxy sends"]
      : []),
  ];
  if (secretFile === undefined || missing.length > 0) throw new ConfigError(missing);
  return { mode, peers, secretFile };
}

/** Whether an address can be reached from the same machine alone. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, "");
  return plain === "::1" || (isIP(plain) === 4 && plain.startsWith("127."));
}
