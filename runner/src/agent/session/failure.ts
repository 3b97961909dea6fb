import { APIConnectionError, APIError } from "@anthropic-ai/sdk";
import { certificateFault } from "../../certificate.ts";

/** What is done about a request that failed. */
export type Failure =
  | {
      readonly kind: "retry";
      readonly cause: string;
      /** As the server asked for. */
      readonly retryAfterMs: number | undefined;
      /** False when the server cannot have done any work that it charges for. */
      readonly mayBeCharged: boolean;
    }
  | { readonly kind: "rejected"; readonly cause: string; readonly advice: string };

/** Codes that no waiting mends within a run. */
const spendingCodes: readonly (string | null)[] = [
  "enforced_spend_limit_reached",
  "contract_spend_limit_reached",
  "ramp_limit_exceeded",
  "organization_on_hold",
];

const retriedStatuses: readonly number[] = [408, 409, 429];
const retriedTypes: readonly (string | null)[] = ["overloaded_error", "api_error", "rate_limit_error", "timeout_error"];

/** Field of the BatchChange that names the model which was asked. */
export type ModelField = "spec.agent.model" | "spec.review.model";

/** Sorts a failure by status, type and code, never by its text. */
export function classify(error: unknown, now: number, field: ModelField = "spec.agent.model"): Failure {
  if (!(error instanceof APIError)) return retry("the answer broke off or could not be read", { mayBeCharged: true });
  if (error instanceof APIConnectionError) return unconnected(error);
  if (spendingCodes.includes(error.errorCode)) return rejected(error, "Raise the spending limit of the account, then run again.");
  const status: unknown = error.status;
  if (typeof status !== "number") return streamed(error, field);
  const asked = header(error, "x-should-retry");
  if (asked === "true" || (asked !== "false" && (retriedStatuses.includes(status) || status >= 500))) {
    return retry(named(error), { mayBeCharged: false, retryAfterMs: retryAfter(error, now) });
  }
  return rejected(error, adviceFor(status, field));
}

function unconnected(error: APIConnectionError): Failure {
  const untrusted = certificateFault(error);
  if (untrusted === undefined) return retry("no connection to the API", { mayBeCharged: reachedServer(error) });
  return retry(`no connection to the API: its certificate is not trusted (${untrusted})`, { mayBeCharged: false });
}

/** An error event within a stream has no status. */
function streamed(error: APIError, field: ModelField): Failure {
  if (retriedTypes.includes(error.type) || error.type === null) return retry(named(error), { mayBeCharged: true });
  return rejected(error, adviceFor(undefined, field));
}

function retry(cause: string, rest: { readonly mayBeCharged: boolean; readonly retryAfterMs?: number | undefined }): Failure {
  return { kind: "retry", cause, mayBeCharged: rest.mayBeCharged, retryAfterMs: rest.retryAfterMs };
}

function rejected(error: APIError, advice: string): Failure {
  const said = error.apiMessage === null ? "" : `: ${error.apiMessage.slice(0, 300)}`;
  return { kind: "rejected", cause: `${named(error)}${said}`, advice };
}

function named(error: APIError): string {
  const status: unknown = error.status;
  const code = error.errorCode ?? error.type ?? "error";
  return typeof status === "number" ? `${status} ${code}` : code;
}

const advices: Readonly<Record<number, string>> = {
  401: "Put a valid key into the Secret of spec.credentials.anthropicSecret, key api-key, then run again.",
  402: "Check the account's billing, then run again.",
  403: "Check what the key may do, and whether the model is allowed for it, then run again.",
  413: "The request was too large. Narrow the prompt, then run again.",
};

function adviceFor(status: number | undefined, field: ModelField): string {
  if (status === 404) return `Check ${field} and, where set, the API's base URL, then run again.`;
  return advices[status ?? 0] ?? `Check ${field} and spec.agent.effort, then run again.`;
}

const neverConnected: readonly unknown[] = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  // Our own signals are asked before; what is left is a proxy that refuses the tunnel.
  "UND_ERR_ABORTED",
];

/** Whether the request may have arrived. Reads codes along the chain of causes. */
function reachedServer(error: Error): boolean {
  let cause: unknown = error;
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    if ("code" in cause && neverConnected.includes(cause.code)) return false;
    cause = cause.cause;
  }
  return true;
}

/** Milliseconds from `retry-after-ms` or `retry-after` (seconds or a date). */
function retryAfter(error: APIError, now: number): number | undefined {
  const ms = Number(header(error, "retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(ms)) return Math.max(0, ms);
  const value = header(error, "retry-after");
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function header(error: APIError, name: string): string | undefined {
  const headers: unknown = error.headers;
  return headers instanceof Headers ? (headers.get(name) ?? undefined) : undefined;
}
