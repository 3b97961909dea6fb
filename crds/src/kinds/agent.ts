import { z } from "zod";
import { Duration, Money } from "./field.ts";

export const Agent = z.strictObject({
  model: z.string().min(1).max(128).default("claude-sonnet-5-5").meta({ description: "Claude model id." }),
  effort: z.enum(["low", "medium", "high", "xhigh", "max"]).default("medium").meta({ description: "How hard the model thinks." }),
  maxTurns: z.int().min(1).max(1000).default(60).meta({ description: "Most requests to the model per attempt." }),
  maxTokens: z
    .int()
    .min(1000)
    .max(1_000_000_000)
    .default(4_000_000)
    .meta({ description: "Most tokens per attempt: input, cache and output together." }),
  maxCostUSD: Money.default("2.00").meta({ description: "Most dollars per attempt; no request is sent that could pass it." }),
  timeout: Duration.default("30m").meta({ description: "Wall-clock time of an attempt." }),
});
export type Agent = z.infer<typeof Agent>;
