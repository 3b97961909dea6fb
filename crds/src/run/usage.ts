import { z } from "zod";
import { TokenUsage } from "../kinds/status.ts";

/** Tokens and cost of a run so far. `costNanoUSD` is absent when any request's price is unknown. */
export const RunUsage = TokenUsage.extend({
  turns: z.int().min(0),
  costNanoUSD: z.int().min(0).optional(),
  /** Counted for requests whose usage never arrived: the worst they could have cost. Part of costNanoUSD. */
  assumedNanoUSD: z.int().min(0).optional(),
});
export type RunUsage = z.infer<typeof RunUsage>;
