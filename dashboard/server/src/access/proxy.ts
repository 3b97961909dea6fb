import { timingSafeEqual, createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { BlockList, isIP } from "node:net";
import { ConfigError } from "@codybatch/operator";
import type { Request } from "express";
import { Refusal } from "../http/refusal.ts";
import type { Viewer } from "./viewer.ts";

export interface ProxyTrust {
  readonly peers: BlockList;
  readonly secret: string;
}

const shortestSecret = 16;

/** Reads the shared secret. Throws ConfigError when it is missing or too short to be one. */
export async function openProxyTrust({
  peers,
  secretFile,
}: {
  readonly peers: readonly string[];
  readonly secretFile: string;
}): Promise<ProxyTrust> {
  const secret = (await readFile(secretFile, "utf8").catch(() => "")).trim();
  if (secret.length < shortestSecret) {
    throw new ConfigError([
      `CODYBATCH_DASHBOARD_PROXY_SECRET_FILE: ${secretFile} must hold a secret of at least ${shortestSecret} characters`,
    ]);
  }
  return { peers: rangesOf(peers), secret };
}

/** Whom the proxy names. Headers count only from its own address and with the secret, which no viewer knows. */
export function proxiedViewer({ peers, secret }: ProxyTrust, request: Request): Viewer {
  const address = (request.socket.remoteAddress ?? "").replace(/^::ffff:/i, "");
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (isIP(address) === 0 || !peers.check(address, family) || !isSame(request.get("x-codybatch-proxy-secret") ?? "", secret)) {
    throw new Refusal("Unauthenticated", "This dashboard is reached through its proxy alone.", { reason: "ProxyRefused" });
  }
  const user = request.get("x-forwarded-user") ?? "";
  if (user === "") throw new Refusal("Unauthenticated", "The proxy named no user. Log in at the proxy.", { reason: "ProxyRefused" });
  const groups = (request.get("x-forwarded-groups") ?? "").split(",").map((name) => name.trim());
  return { user, groups: [...new Set([...groups.filter((name) => name !== ""), "system:authenticated"])] };
}

function rangesOf(peers: readonly string[]): BlockList {
  const ranges = new BlockList();
  for (const peer of peers) {
    const [address = "", bits] = peer.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    try {
      ranges.addSubnet(address, bits === undefined ? (family === "ipv6" ? 128 : 32) : Number(bits), family);
    } catch {
      throw new ConfigError([`CODYBATCH_DASHBOARD_PROXY_PEERS: ${peer} is no address or range`]);
    }
  }
  return ranges;
}

function isSame(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
