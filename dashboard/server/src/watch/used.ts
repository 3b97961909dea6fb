import { formatUSD, nanoUSD } from "@codybatch/crds";
import type { UsageTotals } from "@codybatch/dashboard-contract";
import { z } from "zod";

const tokens = z.int().min(0).catch(0);

/** Usage as status has it: dollars as text, absent where a price is unknown. */
export const StatusUsage = z.object({
  input: tokens,
  output: tokens,
  cacheRead: tokens,
  cacheWrite: tokens,
  costUSD: z.string().optional().catch(undefined),
});

/** Tokens and nano-dollars; undefined where a price is unknown. */
export interface Used {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly nano: number | undefined;
}

export function usedOf({ input, output, cacheRead, cacheWrite, costUSD }: z.infer<typeof StatusUsage>): Used {
  return { input, output, cacheRead, cacheWrite, nano: costUSD === undefined ? undefined : nanoUSD(costUSD) };
}

export function totalsOf({ nano, ...counts }: Used): UsageTotals {
  return { ...counts, ...(nano === undefined ? {} : { costUSD: formatUSD(nano) }) };
}
