import { z } from "zod";
import { Count, Dollars, Freshness, NamespaceName, UsageTotals, wholeNumber } from "./field.ts";

const Used = UsageTotals.extend({
  attempts: Count,
  unpriced: Count.meta({ description: "Attempts whose price is unknown: costUSD is without them." }),
});
const Slice = Used.extend({ key: z.string().meta({ description: "Day (YYYY-MM-DD in UTC), model, namespace, batch or repository." }) });
export type UsageSlice = z.infer<typeof Slice>;

const undated = Used.optional().meta({ description: "Attempts that are no longer listed one by one: in the sums, in no day." });

/** What one batch used; needs the right to see costs. */
export const BatchUsage = Freshness.extend({
  total: Used,
  perDay: z.array(Slice).meta({ description: "Days on which an attempt ended, in order." }),
  perRepository: z.array(Slice).meta({ description: "Dearest first, at most 100." }),
  undated,
  model: z.string().meta({ description: "Model of the batch as it is now." }),
  budgetUSD: Dollars.optional(),
  costPerMergedPullRequestUSD: Dollars.optional(),
});
export type BatchUsage = z.infer<typeof BatchUsage>;

export const UsageQuery = z.strictObject({
  namespace: NamespaceName.optional(),
  days: wholeNumber(1, 366, "Days up to today, 30 when absent; rates are of the batches made in them.").optional(),
});

/** Opened, merged and failed of some batches. */
const Rate = z.object({
  key: z.string(),
  batches: Count,
  repositories: Count.meta({ description: "That are finished." }),
  succeeded: Count,
  failed: Count,
  pullRequests: Count,
  merged: Count,
});
export type Rate = z.infer<typeof Rate>;

/** What all batches used that the viewer may see. */
export const UsageReport = Freshness.extend({
  from: z.string().meta({ description: "First day, YYYY-MM-DD." }),
  to: z.string(),
  total: Used.optional(),
  perDay: z.array(Slice).optional().meta({ description: "Usage is absent without the right to see costs anywhere." }),
  perModel: z.array(Slice).optional(),
  perNamespace: z.array(Slice).optional(),
  perBatch: z.array(Slice).optional().meta({ description: "namespace/name, dearest first, at most 50." }),
  undated,
  hidden: z.array(z.string()).meta({ description: "Namespaces that are listed in `rates` and whose costs the viewer may not see." }),
  rates: z.object({ all: Rate, perNamespace: z.array(Rate), perModel: z.array(Rate) }),
});
export type UsageReport = z.infer<typeof UsageReport>;
