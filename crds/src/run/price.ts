import { z } from "zod";

const thousandths = (dollars: number): boolean => Math.abs(dollars * 1000 - Math.round(dollars * 1000)) < 1e-6;
const dollars = z.number().min(0).max(10_000).refine(thousandths, "must have at most three decimal places");

/** Dollars per million tokens of one size of prompt. */
export const PriceTier = z.strictObject({
  /** Largest whole prompt (input, cache read and cache write) that this tier covers; absent: any. */
  maxPromptTokens: z.int().min(1).optional(),
  input: dollars,
  output: dollars,
  cacheRead: dollars,
  write5m: dollars,
  write1h: dollars,
});
export type PriceTier = z.infer<typeof PriceTier>;

/** What a model costs from a day on, UTC. The whole request is charged at the tier of its prompt. */
export const Price = z.strictObject({
  model: z.string().min(1).max(128),
  effectiveFrom: z.iso.date().default("2025-01-01"),
  tiers: z.array(PriceTier).min(1).max(10).refine(rise, "must rise in maxPromptTokens, and the last one, and no other, must do without it"),
});
export type Price = z.infer<typeof Price>;

function rise(tiers: readonly PriceTier[]): boolean {
  return tiers.every(({ maxPromptTokens }, index) => {
    if (index === tiers.length - 1) return maxPromptTokens === undefined;
    return maxPromptTokens !== undefined && maxPromptTokens > (tiers[index - 1]?.maxPromptTokens ?? 0);
  });
}
