import { z } from "zod";
import { Timestamp } from "./field.ts";

export const Condition = z.strictObject({
  type: z.string().max(64),
  status: z.enum(["True", "False", "Unknown"]),
  reason: z.string().max(64),
  message: z.string().max(1024),
  lastTransitionTime: Timestamp,
  observedGeneration: z.int().optional(),
});
export type Condition = z.infer<typeof Condition>;

/** Tokens as the API counts them: `input` has no cached ones. */
export const TokenUsage = z.strictObject({
  input: z.int().min(0),
  output: z.int().min(0),
  cacheRead: z.int().min(0),
  cacheWrite: z.int().min(0),
});
export type TokenUsage = z.infer<typeof TokenUsage>;

/** Dollars as a decimal string; absent when the price is unknown, never 0 for unknown. */
export const CostUSD = z.string().max(24).optional().meta({ description: "Dollars; absent when a price is unknown." });
