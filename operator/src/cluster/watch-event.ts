import { z } from "zod";
import { ApiError, ConnectionError, RetryableApiError } from "./errors.ts";

/** Causes after which only a whole list makes the cache right again. */
export type ListCause = "start" | "periodic" | "expired" | "error";

/** Why a watch ended. `list` says that a whole list must follow; otherwise the next watch goes on from the same resourceVersion. */
export type WatchEnd =
  | { readonly list: false; readonly cause: "closed" | "silent" | "broken" | "refused" | "stopped"; readonly error?: unknown }
  | { readonly list: false; readonly cause: "throttled"; readonly waitSeconds: number }
  | { readonly list: true; readonly cause: ListCause; readonly error?: unknown };

/** What an exception out of a watch means. */
export function endOf(error: unknown): WatchEnd {
  if (error instanceof ConnectionError) return { list: false, cause: "broken", error };
  if (!(error instanceof ApiError)) return { list: true, cause: "error", error };
  if (error.status === 410) return { list: true, cause: "expired", error };
  // The cache of a CRD made seconds ago is still filling: not yet, rather than no.
  if (error.status === 429) return { list: false, cause: "throttled", waitSeconds: error.retryAfterSeconds ?? 1 };
  return error instanceof RetryableApiError ? { list: false, cause: "refused", error } : { list: true, cause: "error", error };
}

const Status = z.object({ code: z.int().default(0), reason: z.string().default(""), message: z.string().default("") });

/** What a line of type ERROR means. */
export function endOfErrorLine(object: unknown): WatchEnd {
  const { code, reason, message } = Status.catch({ code: 0, reason: "", message: "" }).parse(object);
  const error = new ApiError({ status: code, reason, message: message || "the watch ended with an error that has no message" });
  return { list: true, cause: code === 410 ? "expired" : "error", error };
}
