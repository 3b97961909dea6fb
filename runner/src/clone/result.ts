import { join } from "node:path";
import type { RunReason, RunResult } from "@codybatch/crds";
import { GitError } from "../git/index.ts";
import { foreignSize, writeAtomic } from "../out/index.ts";
import { makeRedactor } from "../redact/index.ts";
import type { CloneConfig } from "./config.ts";
import { Refusal, Unreachable } from "./refusal.ts";

/** Longest message that a Changeset's status takes; the end of git's words is what tells. */
const longestMessage = 1024;

interface Circumstances {
  readonly config: CloneConfig;
  readonly token: string | undefined;
  readonly startedAt: Date;
}

/** The result of a run that ends with the clone: nothing was asked of the model, so nothing was used. */
export function refusedResult(error: unknown, { config, token, startedAt }: Circumstances): RunResult {
  const { reason, message } = named(error, config.timeoutSeconds);
  const redact = makeRedactor(token === undefined ? [] : [token]);
  return {
    version: 1,
    reason,
    message: redact(message).slice(0, longestMessage),
    usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, turns: 0, costNanoUSD: 0 },
    warnings: [],
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
  };
}

/** Whether mint has ended the run: no token could be made. */
export async function hasResult(outDir: string): Promise<boolean> {
  return (await foreignSize(join(outDir, "result.json"))) !== undefined;
}

export async function writeResult(outDir: string, result: RunResult): Promise<void> {
  await writeAtomic(join(outDir, "result.json"), `${JSON.stringify(result)}\n`);
}

function named(error: unknown, timeoutSeconds: number): { readonly reason: RunReason; readonly message: string } {
  if (error instanceof Refusal) return error;
  if (isTimeout(error)) {
    return {
      reason: "CloneFailed",
      message: `The clone did not end within ${timeoutSeconds} s. Retry, or let an admin raise CODYBATCH_CLONE_SECONDS.`,
    };
  }
  if (error instanceof GitError)
    return { reason: "CloneFailed", message: `git could not clone: ${error.stderr.slice(-800)}. Retry when the host is well.` };
  if (error instanceof Unreachable) return { reason: "CloneFailed", message: `${error.message}. Retry when the host is well.` };
  return { reason: "InternalError", message: `The clone failed: ${error instanceof Error ? error.message : "unknown fault"}` };
}

function isTimeout(error: unknown): boolean {
  if (error instanceof GitError) return error.fault === "timeout" || error.fault === "aborted";
  return error instanceof Error && error.name === "AbortError";
}
