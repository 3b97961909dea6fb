import type { z } from "zod";

const types: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
  529: "overloaded_error",
};

/** An answer in the API's error form. `errorCode` goes to `error.details.error_code`, `retryAfter` is in seconds. */
export class Fault extends Error {
  readonly status: number;
  readonly errorCode: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    message: string,
    more: { readonly errorCode?: string | undefined; readonly retryAfter?: number | undefined } = {},
  ) {
    super(message);
    this.status = status;
    this.errorCode = more.errorCode;
    this.retryAfter = more.retryAfter;
  }
}

/** `error.type` that belongs to a status. */
export function errorType(status: number): string {
  return types[status] ?? (status < 500 ? "invalid_request_error" : "api_error");
}

/** The JSON body of an error, in a response as in an SSE `error` event. */
export function errorBody(type: string, message: string, requestID: string, errorCode?: string): object {
  const details = errorCode === undefined ? {} : { details: { error_code: errorCode } };
  return { type: "error", error: { type, message, ...details }, request_id: requestID };
}

const samplingFields = new Set(["temperature", "top_p", "top_k"]);

/** A schema error as the 400 that the API gives: dotted path, then what is wrong. */
export function schemaFault(error: z.ZodError): Fault {
  const [issue] = error.issues;
  if (issue === undefined) return new Fault(400, "the request is not valid");
  const path = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") return new Fault(400, `${path || "body"}: ${issue.message}`);
  const field = issue.keys[0] ?? "";
  const remedy = samplingFields.has(field) ? " Sampling parameters are gone since 2026-10-21." : "";
  return new Fault(400, `${path === "" ? "" : `${path}.`}${field}: Extra inputs are not permitted.${remedy}`);
}
