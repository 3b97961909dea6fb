import { z } from "zod";
import { Timestamp } from "./field.ts";

export const Condition = z.strictObject({
  type: z.string().max(64).meta({ description: "What the condition is about." }),
  status: z.enum(["True", "False", "Unknown"]).meta({ description: "Whether it holds." }),
  reason: z.string().max(64).meta({ description: "Why; see the list of reasons." }),
  message: z.string().max(1024).meta({ description: "The same for a person, with the next step." }),
  lastTransitionTime: Timestamp.meta({ description: "When status last changed." }),
  observedGeneration: z.int().optional().meta({ description: "metadata.generation that it speaks of." }),
});
export type Condition = z.infer<typeof Condition>;

/** Tokens as the API counts them: `input` has no cached ones. */
export const TokenUsage = z.strictObject({
  input: z.int().min(0).meta({ description: "Input tokens that no cache served." }),
  output: z.int().min(0).meta({ description: "Output tokens." }),
  cacheRead: z.int().min(0).meta({ description: "Input tokens read from the cache." }),
  cacheWrite: z.int().min(0).meta({ description: "Input tokens written to the cache." }),
});
export type TokenUsage = z.infer<typeof TokenUsage>;

/** Dollars as a decimal string; absent when the price is unknown, never 0 for unknown. */
export const CostUSD = z.string().max(24).optional().meta({ description: "Dollars; absent when a price is unknown." });

/** Usage of several attempts together. The share is derived, so that nobody need add up; it is kept with the sums it follows from. */
export const TotalUsage = TokenUsage.extend({
  costUSD: CostUSD,
  cacheReadPercent: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .meta({ description: "Percent of all input tokens that were read from the cache, rounded down; absent before any." }),
});
