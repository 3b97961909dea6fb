import { setTimeout as wait } from "node:timers/promises";
import type { Log } from "../log.ts";
import { ApiError } from "./api.ts";

// The object itself is wrong or too large: the same request can never succeed.
const permanent: readonly number[] = [400, 413, 422];

// The claim's root is not ours to write, or no folder: only a person can mend that.
const unwritable: readonly unknown[] = ["EACCES", "EPERM", "EROFS", "ENOTDIR"];

/** True when the API server will never take this object, or the claim no file. */
export function isPermanent(error: unknown): boolean {
  if (error instanceof ApiError) return permanent.includes(error.status);
  return error instanceof Error && "code" in error && unwritable.includes(error.code);
}

export interface BackoffOptions {
  readonly firstSeconds: number;
  readonly log: Log;
  readonly random?: () => number;
}

/** Repeats an action until it succeeds: outages, lost rights and full quotas may pass, and results must not be lost. Rejects only with what is permanent. */
export async function untilStored<T>(action: () => Promise<T>, options: BackoffOptions): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (isPermanent(error)) throw error;
      const seconds = waitSeconds(attempt, error, options);
      options.log.warn({ err: error, attempt, seconds }, "not stored yet");
      await wait(seconds * 1000);
    }
  }
}

/** Doubles up to 30 times the first wait, with half of it random, so that many pods do not come back at once. */
function waitSeconds(attempt: number, error: unknown, { firstSeconds, random = Math.random }: BackoffOptions): number {
  const most = firstSeconds * Math.min(2 ** attempt, 30);
  const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) : 0;
  return Math.max(Math.min(asked, 60), most * (0.5 + random() / 2));
}
