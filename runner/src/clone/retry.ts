import { setTimeout as wait } from "node:timers/promises";
import { GitError } from "../git/index.ts";
import { Unreachable } from "./refusal.ts";

const attempts = 4;
const longestWaitSeconds = 60;

export interface RetryOptions {
  readonly firstSeconds: number;
  readonly signal: AbortSignal;
  readonly onRetry: (error: Error, waitSeconds: number) => void;
}

/** Tries again after a fault that may pass: a network, an overloaded host. The last fault is thrown. */
export async function withRetries<T>(action: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (!mayPass(error) || attempt === attempts) throw error;
      const asked = error instanceof Unreachable ? error.retryAfterSeconds : undefined;
      const seconds = Math.min(asked ?? options.firstSeconds * 2 ** (attempt - 1), longestWaitSeconds);
      options.onRetry(error, seconds);
      await wait(seconds * 1000, undefined, { signal: options.signal });
    }
  }
}

function mayPass(error: unknown): error is Error {
  return error instanceof Unreachable || (error instanceof GitError && error.fault === "exit");
}
