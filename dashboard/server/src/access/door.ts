import type { Clock } from "@codybatch/operator";
import type { Request, Response } from "express";
import type { Auth } from "../config.ts";
import { Refusal } from "../http/refusal.ts";
import { clearSession, loopbackHost, sessionIdOf, setSession } from "./cookie.ts";
import { openProxyTrust, proxiedViewer, type ProxyTrust } from "./proxy.ts";
import type { Ask } from "./review.ts";
import { Sessions } from "./session.ts";
import { Tokens } from "./token.ts";
import type { Viewer } from "./viewer.ts";

export interface DoorOptions {
  readonly auth: Auth;
  readonly ask: Ask;
  readonly clock: Clock;
  readonly tokenCache: number;
  readonly session: number;
}

/** Who somebody is, by one of the three ways. */
export interface Door {
  /** Throws a Refusal that says why not. */
  readonly viewerOf: (request: Request) => Promise<Viewer>;
  readonly login: (request: Request, response: Response, token: string) => Promise<Viewer>;
  readonly logout: (request: Request, response: Response) => void;
}

export async function openDoor(options: DoorOptions): Promise<Door> {
  const { auth } = options;
  if (auth.mode === "token") return tokenDoor(options, auth);
  if (auth.mode === "proxy") return proxyDoor(await openProxyTrust(auth));
  return openToAll();
}

function tokenDoor({ ask, clock, tokenCache, session }: DoorOptions, auth: Auth & { mode: "token" }): Door {
  const tokens = new Tokens({ ask, clock, keep: tokenCache, audience: auth.audience, acceptClusterTokens: auth.acceptClusterTokens });
  const sessions = new Sessions(clock, session);
  return {
    viewerOf: async (request) => {
      const bearer = /^Bearer (.+)$/i.exec(request.get("authorization") ?? "")?.[1];
      if (bearer !== undefined) return known(await tokens.viewerOf(bearer), "TokenRefused");
      const id = sessionIdOf(request);
      if (id === undefined) throw unauthenticated("NoToken");
      const token = sessions.tokenOf(id);
      if (token === undefined) throw unauthenticated("TokenExpired");
      return known(await tokens.viewerOf(token), "TokenExpired");
    },
    login: async (request, response, token) => {
      const viewer = known(await tokens.viewerOf(token.trim()), "TokenRefused");
      setSession(request, response, sessions.begin(token.trim()));
      return viewer;
    },
    logout: (request, response) => {
      sessions.end(sessionIdOf(request) ?? "");
      clearSession(request, response);
    },
  };
}

function proxyDoor(trust: ProxyTrust): Door {
  return {
    viewerOf: (request) => Promise.resolve().then(() => proxiedViewer(trust, request)),
    login: noLogin,
    logout: () => undefined,
  };
}

/** Reached from this machine alone; a foreign name in Host is a page elsewhere that had its name pointed here. */
function openToAll(): Door {
  return {
    viewerOf: (request) =>
      loopbackHost.test(request.headers.host ?? "")
        ? Promise.resolve({ user: "local", groups: [], unrestricted: true })
        : Promise.reject(
            new Refusal("Unauthenticated", "Without authentication this dashboard answers to localhost alone.", { reason: "ProxyRefused" }),
          ),
    login: noLogin,
    logout: () => undefined,
  };
}

function noLogin(): Promise<never> {
  return Promise.reject(new Refusal("BadRequest", "There is no login in this mode."));
}

function known(viewer: Viewer | undefined, reason: "TokenRefused" | "TokenExpired"): Viewer {
  if (viewer === undefined) throw unauthenticated(reason);
  return viewer;
}

const messages = {
  NoToken: "Log in to see anything.",
  TokenRefused: "The API server does not know this token, it has expired, or it is meant for somebody else. Make a new one.",
  TokenExpired: "Your session is over. Log in again with a new token.",
} as const;

function unauthenticated(reason: keyof typeof messages): Refusal {
  return new Refusal("Unauthenticated", messages[reason], { reason });
}
