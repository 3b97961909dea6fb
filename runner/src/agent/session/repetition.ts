import { createHash } from "node:crypto";
import { nudgeText } from "../prompt/nudges.ts";

/** One finished tool call. */
export interface Call {
  readonly name: string;
  readonly input: unknown;
  readonly output: string;
  readonly isError: boolean;
}

/** What was called lately. */
export interface Repetition {
  /** Signatures of the last calls, oldest first. */
  readonly recent: readonly string[];
  readonly errors: number;
  /** A nudge was given before, so that the model had a chance to change its way. */
  readonly nudged: boolean;
}

export const noRepetition: Repetition = { recent: [], errors: 0, nudged: false };

export type Verdict =
  | { readonly kind: "fine" }
  | { readonly kind: "nudge"; readonly text: string }
  | { readonly kind: "stuck"; readonly message: string };

const window = 12;
const nudgeSame = 3;
const stopSame = 5;
const nudgeErrors = 3;
const stopErrors = 8;

/** Adds the calls of one turn. Nothing stops before a nudge of an earlier turn went unheeded. */
export function addCalls(before: Repetition, calls: readonly Call[]): { readonly repetition: Repetition; readonly verdict: Verdict } {
  const recent = [...before.recent, ...calls.map(signature)].slice(-window);
  const errors = calls.reduce((count, call) => (call.isError ? count + 1 : 0), before.errors);
  const same = mostSame(recent);
  const verdict = judge(same, errors, before.nudged);
  const nudged = verdict.kind === "nudge" || (before.nudged && verdict.kind !== "fine");
  return { repetition: { recent, errors, nudged }, verdict };
}

function judge(same: number, errors: number, nudged: boolean): Verdict {
  if (nudged && same >= stopSame) return { kind: "stuck", message: `The same tool call with the same result was made ${same} times.` };
  if (nudged && errors >= stopErrors) return { kind: "stuck", message: `${errors} tool calls in a row failed.` };
  if (same >= nudgeSame) return { kind: "nudge", text: nudgeText.same(same) };
  if (errors >= nudgeErrors) return { kind: "nudge", text: nudgeText.errors(errors) };
  return { kind: "fine" };
}

function mostSame(signatures: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const one of signatures) counts.set(one, (counts.get(one) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

function signature({ name, input, output }: Call): string {
  return createHash("sha256")
    .update(`${name}\0${stable(input)}\0${output}`)
    .digest("hex");
}

/** JSON with sorted keys: the order in which a model writes them means nothing. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
