import { createHash } from "node:crypto";
import { ipKeyGenerator, rateLimit } from "express-rate-limit";
import type { Request, RequestHandler } from "express";
import { sessionIdOf } from "../access/cookie.ts";
import { Refusal } from "./refusal.ts";

const minute = 60_000;

/** Requests of one session, or of one address without a session. */
export function requestRate(perMinute: number): RequestHandler {
  return limiter({ perMinute, keyOf: (request) => sessionKey(request) ?? addressKey(request) });
}

/** Answers 401 to one address: each may have cost the API server a review. */
export function strangerRate(perMinute: number): RequestHandler {
  return limiter({ perMinute, keyOf: addressKey, countsOnly: (status) => status === 401 });
}

/** Failed logins of one address. */
export function loginRate(perMinute: number): RequestHandler {
  return limiter({ perMinute, keyOf: addressKey, countsOnly: (status) => status >= 400 });
}

interface Limit {
  readonly perMinute: number;
  readonly keyOf: (request: Request) => string;
  readonly countsOnly?: (status: number) => boolean;
}

function limiter({ perMinute, keyOf, countsOnly }: Limit): RequestHandler {
  return rateLimit({
    windowMs: minute,
    limit: perMinute,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    keyGenerator: keyOf,
    ...(countsOnly === undefined
      ? {}
      : { skipSuccessfulRequests: true, requestWasSuccessful: (_request, response) => !countsOnly(response.statusCode) }),
    handler: (_request, _response, next) => {
      next(new Refusal("TooManyRequests", "Too many requests. Wait a minute.", { retryAfterSeconds: minute / 1000 }));
    },
  });
}

function sessionKey(request: Request): string | undefined {
  const credential = request.get("authorization") ?? sessionIdOf(request);
  return credential === undefined ? undefined : createHash("sha256").update(credential).digest("base64url");
}

function addressKey(request: Request): string {
  return ipKeyGenerator(request.ip ?? "unknown");
}
