import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { NextFunction, Request, Response } from "express";
import helmet from "helmet";

/** The word in the built page that is replaced by the nonce of each answer. */
export const noncePlaceholder = "__CSP_NONCE__";

const nonces = new WeakMap<ServerResponse, string>();

export function nonceOf(response: Response): string {
  return nonces.get(response) ?? "";
}

/** Security headers of every answer: nothing from elsewhere, no inline script, styles by nonce alone. */
export function securityHeaders(): ((request: Request, response: Response, next: NextFunction) => void)[] {
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", (_request, response) => `'nonce-${nonces.get(response) ?? ""}'`],
        imgSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        workerSrc: ["'self'"],
        manifestSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    frameguard: { action: "deny" },
    referrerPolicy: { policy: "no-referrer" },
    crossOriginResourcePolicy: { policy: "same-origin" },
  });
  return [giveNonce, protect, forbidFeatures];
}

function giveNonce(_request: Request, response: Response, next: NextFunction): void {
  nonces.set(response, randomBytes(16).toString("base64"));
  next();
}

function forbidFeatures(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  next();
}
