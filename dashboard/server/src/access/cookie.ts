import type { Request, Response } from "express";
import { isLoopback } from "../config.ts";

/** `__Host-` makes browsers insist on Secure, on this host alone and on the path `/`; without TLS on loopback it cannot be had. */
const secureName = "__Host-codybatch";
const plainName = "codybatch";

/** Session ids that the request brings; anything else in cookies is left alone. */
export function sessionIdOf(request: Request): string | undefined {
  const pairs = (request.headers.cookie ?? "").split(";").map((pair) => pair.trim().split("="));
  const named = (wanted: string): string | undefined => pairs.find(([name]) => name === wanted)?.[1];
  return named(secureName) ?? (isPlainLoopback(request) ? named(plainName) : undefined);
}

export function setSession(request: Request, response: Response, id: string): void {
  response.append("set-cookie", cookie(request, id));
}

export function clearSession(request: Request, response: Response): void {
  response.append("set-cookie", `${cookie(request, "")}; Max-Age=0`);
}

function cookie(request: Request, value: string): string {
  const attributes = "Path=/; HttpOnly; SameSite=Strict";
  return isPlainLoopback(request) ? `${plainName}=${value}; ${attributes}` : `${secureName}=${value}; ${attributes}; Secure`;
}

/** Plain HTTP from the same machine: the demo, or kubectl port-forward. */
function isPlainLoopback(request: Request): boolean {
  return !request.secure && isLoopback(request.socket.remoteAddress ?? "") && loopbackHost.test(request.headers.host ?? "");
}

/** What a browser on the same machine calls the server; any other name may have been pointed here by somebody else. */
export const loopbackHost = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i;
