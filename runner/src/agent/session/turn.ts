import { setTimeout as sleep } from "node:timers/promises";
import type { MessageCreateParamsBase } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { Happening } from "../store/transcript.ts";
import { mostRetries, waitMs } from "./back-off.ts";
import { classify, type Failure, type ModelField } from "./failure.ts";
import type { Go, Stop } from "./limits.ts";
import { type Answer, type Api, IdleError } from "./stream.ts";

export interface TurnParts {
  readonly api: Api;
  readonly modelField: ModelField;
  /** First wait before a retry. */
  readonly firstWaitMs: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Aborts at SIGTERM and at the deadline; the session tells which. */
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly random: () => number;
  readonly record: (happening: Happening) => Promise<void>;
  /** Writes down that a request is about to go out. */
  readonly sending: (go: Go) => Promise<void>;
  /** Settles when all that was recorded is on the disk. */
  readonly stored: () => Promise<void>;
  /** Writes down that it came to nothing, and counts it where it may have been charged all the same. */
  readonly lost: (go: Go, mayBeCharged: boolean) => Promise<void>;
  /** Whether the same request may go out once more. */
  readonly again: (go: Go) => Stop | undefined;
}

/** What became of one turn; `aborted` when the signal ended it. */
export type TurnOutcome =
  | { readonly kind: "answer"; readonly answer: Answer; readonly durationMs: number }
  | { readonly kind: "aborted" }
  | Stop;

/** Sends one turn, the same bytes again after a passing failure. */
export async function takeTurn(parts: TurnParts, request: MessageCreateParamsBase, go: Go): Promise<TurnOutcome> {
  for (let retries = 0; ; retries += 1) {
    await parts.sending(go);
    const began = parts.now();
    const tried = await attemptWhileStoring(parts, request, go);
    if (tried.kind === "answer") return { ...tried, durationMs: parts.now() - began };
    if (tried.kind === "aborted") {
      await parts.lost(go, true);
      return tried;
    }
    const next = await afterFailure(parts, tried, { go, retries });
    if (next !== undefined) return next;
  }
}

type Tried = { readonly kind: "answer"; readonly answer: Answer } | { readonly kind: "aborted" } | Failure;

/** The disk gets what led to a request while that is under way; nothing is made of an answer before. Rejects when the disk does not take it. */
async function attemptWhileStoring(parts: TurnParts, request: MessageCreateParamsBase, go: Go): Promise<Tried> {
  const asked = attempt(parts, request);
  try {
    await Promise.all([asked, parts.stored()]);
  } catch (error) {
    await asked;
    await parts.lost(go, true);
    throw error;
  }
  return await asked;
}

async function attempt(parts: TurnParts, request: MessageCreateParamsBase): Promise<Tried> {
  try {
    return { kind: "answer", answer: await parts.api.ask(request, parts.signal) };
  } catch (error) {
    if (parts.signal.aborted) return { kind: "aborted" };
    if (error instanceof IdleError) return { kind: "retry", cause: "silence", retryAfterMs: undefined, mayBeCharged: true };
    return classify(error, parts.now(), parts.modelField);
  }
}

/** Waits for the next try, or says why there is none. */
async function afterFailure(
  parts: TurnParts,
  failure: Failure,
  { go, retries }: { readonly go: Go; readonly retries: number },
): Promise<TurnOutcome | undefined> {
  if (failure.kind === "rejected") {
    await parts.lost(go, false);
    return { kind: "stop", reason: "ApiRejected", message: `The API refused the request (${failure.cause}). ${failure.advice}` };
  }
  const { firstWaitMs, deadline, now, random } = parts;
  const wait = waitMs({ retries, firstMs: firstWaitMs, retryAfterMs: failure.retryAfterMs, random: random() });
  const givingUp = retries >= mostRetries || now() + wait >= deadline;
  const assumed = failure.mayBeCharged ? { assumedNanoUSD: go.worstNanoUSD } : {};
  await parts.record({ kind: "retry", cause: failure.cause, waitMs: givingUp ? 0 : wait, ...assumed });
  await parts.lost(go, failure.mayBeCharged);
  if (givingUp) return unavailable(failure.cause, retries);
  await sleep(wait, undefined, { signal: parts.signal }).catch(() => undefined);
  if (parts.signal.aborted) return { kind: "aborted" };
  return parts.again(go);
}

function unavailable(cause: string, retries: number): Stop {
  const message = `The API did not answer (${cause}), also after ${retries} ${retries === 1 ? "retry" : "retries"}. Run again later.`;
  return { kind: "stop", reason: "ApiUnavailable", message };
}
