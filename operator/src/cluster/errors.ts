/** The API server's refusal. As such it is final: the same request gets the same answer. See {@link RetryableApiError}. */
export class ApiError extends Error {
  override readonly name: string = "ApiError";
  readonly status: number;
  /** Kubernetes' word for it, such as NotFound, AlreadyExists, Conflict, Forbidden; `""` when the server gave none. */
  readonly reason: string;
  readonly retryAfterSeconds?: number;

  constructor(answer: { readonly status: number; readonly reason: string; readonly message: string; readonly retryAfterSeconds?: number }) {
    super(answer.message);
    this.status = answer.status;
    this.reason = answer.reason;
    if (answer.retryAfterSeconds !== undefined) this.retryAfterSeconds = answer.retryAfterSeconds;
  }
}

/** A refusal that passes by itself: overload (429), a time-out, a fault of the server, a write that lost a race. */
export class RetryableApiError extends ApiError {
  override readonly name = "RetryableApiError";
}

/** No whole answer arrived: the request may or may not have taken effect, so a repeated create must expect AlreadyExists. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  /** The system's or the HTTP client's code, such as ECONNREFUSED or UND_ERR_SOCKET. */
  readonly code: string;

  constructor(message: string, options: { readonly cause?: unknown; readonly code?: string } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = options.code ?? codeOf(options.cause);
  }
}

/** True when the same request may succeed later without anybody's doing. */
export function isRetryable(error: unknown): boolean {
  return error instanceof RetryableApiError || error instanceof ConnectionError;
}

/** Makes the right error of a refusal; `body` is the Status object when the server sent one. */
export function refusal(status: number, body: unknown, retryAfter?: string): ApiError {
  const reason = textOf(body, "reason");
  const seconds = Number(retryAfter);
  const answer = {
    status,
    reason,
    message: textOf(body, "message") || `the API server answered ${status}`,
    ...(retryAfter === undefined || !Number.isFinite(seconds) || seconds < 0 ? {} : { retryAfterSeconds: seconds }),
  };
  return retries(status, reason) ? new RetryableApiError(answer) : new ApiError(answer);
}

function retries(status: number, reason: string): boolean {
  return status === 408 || status === 429 || status >= 500 || (status === 409 && reason === "Conflict");
}

function textOf(body: unknown, field: string): string {
  if (typeof body !== "object" || body === null) return "";
  const value: unknown = Reflect.get(body, field);
  return typeof value === "string" ? value : "";
}

function codeOf(cause: unknown): string {
  return textOf(cause, "code") || (cause instanceof Error && cause.cause !== undefined ? codeOf(cause.cause) : "");
}
