import { formatUSD, nanoUSD, type ChangesetStatus, type TokenUsage } from "@codybatch/crds";
import type { Work } from "./work.ts";

export type ShownUsage = NonNullable<ChangesetStatus["usage"]>;

/** Nano-dollars that a Changeset has counted against the budget, with the tries settled in this pass. */
export function chargedOf({ changeset, settled }: Work): number {
  const before = changeset.status?.chargedNanoUSD ?? 0;
  return settled.reduce((sum, { attempt }) => sum + attempt.chargedNanoUSD, before);
}

/** Tokens and dollars of all tries of a Changeset; undefined while nothing is known. */
export function usageOf({ changeset, settled }: Work): ShownUsage | undefined {
  const parts = [changeset.status?.usage, ...settled.map(({ attempt }) => attempt.usage)];
  return addUsage(parts.filter((part) => part !== undefined));
}

/** Adds up. One part that used tokens at an unknown price makes the sum of dollars unknown. */
export function addUsage(parts: readonly ShownUsage[]): ShownUsage | undefined {
  if (parts.length === 0) return undefined;
  const sum = (pick: (part: ShownUsage) => number): number => parts.reduce((total, part) => total + pick(part), 0);
  const tokens = {
    input: sum((part) => part.input),
    output: sum((part) => part.output),
    cacheRead: sum((part) => part.cacheRead),
    cacheWrite: sum((part) => part.cacheWrite),
  };
  const total = { ...tokens, ...cacheShareOf(tokens) };
  if (parts.some(isPriceUnknown)) return total;
  return { ...total, costUSD: formatUSD(sum(({ costUSD }) => (costUSD === undefined ? 0 : nanoUSD(costUSD)))) };
}

/** Rounded down, so that 100 means all of it. */
function cacheShareOf({ input, cacheRead, cacheWrite }: TokenUsage): Pick<ShownUsage, "cacheReadPercent"> {
  const prompts = input + cacheRead + cacheWrite;
  return prompts === 0 ? {} : { cacheReadPercent: Math.floor((cacheRead * 100) / prompts) };
}

/** Tokens were used at a price that nobody knows. */
export function isPriceUnknown({ input, output, cacheRead, cacheWrite, costUSD }: ShownUsage): boolean {
  return costUSD === undefined && input + output + cacheRead + cacheWrite > 0;
}
