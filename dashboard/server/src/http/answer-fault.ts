import { randomUUID } from "node:crypto";
import type { Log } from "@codybatch/operator";
import type { NextFunction, Request, Response } from "express";
import { refusalOf } from "./refusal.ts";

/** The last of the handlers: every error as the one shape of the contract. */
export function answerFault(log: Log) {
  return (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    const refusal = refusalOf(error);
    if (refusal.status >= 500) log.error({ err: error, path: request.path }, "a request failed");
    if (response.headersSent) {
      next(error);
      return;
    }
    const { retryAfterSeconds } = refusal.fault;
    if (retryAfterSeconds !== undefined) response.setHeader("retry-after", String(Math.ceil(retryAfterSeconds)));
    if (refusal.status === 401) response.setHeader("www-authenticate", "Bearer");
    response.removeHeader("content-disposition");
    response.status(refusal.status).json({ error: refusal.fault });
  };
}

/** A line for each request: no header, no query, nothing that a token or a text could stand in. */
export function requestLog(log: Log) {
  return {
    logger: log,
    genReqId: () => randomUUID(),
    quietReqLogger: true,
    customLogLevel: (_request: unknown, response: { readonly statusCode: number }) =>
      response.statusCode >= 500 ? ("warn" as const) : ("debug" as const),
    customSuccessMessage: () => "answered",
    customErrorMessage: () => "answered",
    serializers: {
      req: ({ method, url }: { readonly method: string; readonly url: string }) => ({ method, path: url.split("?")[0] }),
      res: ({ statusCode }: { readonly statusCode: number }) => ({ status: statusCode }),
    },
  };
}
